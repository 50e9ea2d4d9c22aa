#!/bin/sh
# tokenizers 0.23.3, Python 3.11 and later.
#
# `add_tokens` returns how many tokens were added. For a token that the vocabulary holds already it returns 1, the vocabulary stays as large
# as it was, and encodings change: the token is now cut out of longer words. Code that grows an embedding by the number that came back
# gets one row too many, and a word that was one token is two.
#
# Seen: returned 1, size 5 before and after; "unhappy" is ['unhappy'] before and ['un', 'happy'] after.
#
# Fails when any of these is otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check tokenizers==0.23.3

"$folder/venv/bin/python" - <<'PY'
import sys

from tokenizers import Tokenizer, models, pre_tokenizers

vocabulary = {"[UNK]": 0, "un": 1, "happy": 2, "unhappy": 3, "sad": 4}
tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
before = tokenizer.get_vocab_size(), tokenizer.encode("unhappy").tokens
added = tokenizer.add_tokens(["happy"])
after = tokenizer.get_vocab_size(), tokenizer.encode("unhappy").tokens
print(f"before {before}, added {added}, after {after}")
sys.exit((before, added, after) != ((5, ["unhappy"]), 1, (5, ["un", "happy"])))
PY

"""Every exercise, and the ready-made answers to it that somebody could import: what they earn.

An exercise with an empty list has none: nobody has written it in torch, in llmkit or in a library that people have at hand.
"""

from __future__ import annotations

import textwrap

NOTHING, ALL = "nothing", "all"


def _alias(name: str, path: str) -> str:
    """The one-line answer."""
    module, _dot, thing = path.rpartition(".")
    return f"from {module} import {thing}" + (f" as {name}" if thing != name else "")


def _wrapper(name: str, path: str, take: str = "*args, **kwargs", give: str = "*args, **kwargs") -> str:
    """A function that hands everything on."""
    module, _dot, thing = path.rpartition(".")
    return f"import {module}\n\n\ndef {name}({take}):\n    return {module}.{thing}({give})"


def _subclass(name: str, path: str, inside: str = "pass") -> str:
    """A class that adds nothing."""
    module, _dot, thing = path.rpartition(".")
    return f"import {module}\n\n\nclass {name}({module}.{thing}):\n{textwrap.indent(inside, '    ')}"


def _all_forms(name: str, path: str) -> list[tuple[str, str]]:
    """The same thing taken in all the ways that people take things."""
    module, _dot, thing = path.rpartition(".")
    package, _dot, last = module.rpartition(".")
    return [
        (_alias(name, path), NOTHING),
        (_wrapper(name, path), NOTHING),
        (f"import {module}\n\n{name} = {module}.{thing}", NOTHING),
        (f"from {package} import {last} as theirs\n\n{name} = theirs.{thing}", NOTHING),
        (f"from importlib import import_module\n\n{name} = getattr(import_module({module!r}), {thing!r})", NOTHING),
        (
            f"from {module} import *\n\n_theirs = {thing}\n\n\ndef {name}(*args, **kwargs):\n    return _theirs(*args, **kwargs)",
            NOTHING,
        ),
        (
            f"def {name}(*args, **kwargs):\n    from {module} import {thing} as theirs\n\n    return theirs(*args, **kwargs)",
            NOTHING,
        ),
    ]


ANSWERS: dict[str, list[tuple[str, str]]] = {
    "bert/basic-split": [
        (
            "from tokenizers.pre_tokenizers import BertPreTokenizer\n\n\n"
            "def basic_split(text):\n"
            "    return [word for word, _place in BertPreTokenizer().pre_tokenize_str(text.lower())]",
            NOTHING,
        ),
    ],
    "bert/bert-embedding": [(_alias("BertEmbedding", "llmkit.models.bert.BertEmbedding"), NOTHING)],
    "bert/bert-model": [
        (_alias("BertModel", "llmkit.models.BertModel"), NOTHING),
        (_subclass("BertModel", "llmkit.models.bert.BertModel"), NOTHING),
        ("class BertModel(bert.BertModel):\n    pass", NOTHING),
    ],
    "bert/bert-multi-head-attention": [
        (_alias("MultiHeadAttention", "llmkit.models.bert.MultiHeadAttention"), NOTHING),
        # The exercise allows torch's attention, and its module takes some care: masks, and a bias that it must have.
        (
            textwrap.dedent("""\
            class MultiHeadAttention(nn.Module):
                def __init__(self, emb_dim, n_heads, drop_rate):
                    super().__init__()
                    if emb_dim % n_heads:
                        raise ValueError("n_heads does not divide emb_dim")
                    self.inner = nn.MultiheadAttention(emb_dim, n_heads, drop_rate, batch_first=True)
                    nn.init.normal_(self.inner.in_proj_bias)

                def forward(self, x, hidden=None):
                    mask = None if hidden is None else hidden[:, 0, 0]
                    return self.inner(x, x, x, key_padding_mask=mask, need_weights=False)[0]
            """),
            ALL,
        ),
    ],
    "bert/build-vocab": [
        (_wrapper("build_vocab", "llmkit.tasks.vocabulary", "sentences, min_count=1", "[sentences]"), NOTHING),
    ],
    "bert/clean-corpus": [
        (_wrapper("clean", "llmkit.tasks.words_of", "text", "text"), NOTHING),
        (
            "import nltk\n\n\ndef clean(text):\n    return [nltk.word_tokenize(s) for s in nltk.sent_tokenize(text.lower())]",
            NOTHING,
        ),
    ],
    "bert/encode-pair": [(_alias("encode_pair", "llmkit.tasks.pair_row"), NOTHING)],
    "bert/encoder-layer": [
        (_alias("EncoderLayer", "llmkit.models.bert.EncoderLayer"), NOTHING),
        ("EncoderLayer = bert.EncoderLayer", NOTHING),
        ("class EncoderLayer(bert.EncoderLayer):\n    pass", NOTHING),
        ("EncoderLayer = nn.TransformerEncoderLayer", NOTHING),
    ],
    "bert/feed-forward-sublayer": [(_alias("FeedForwardSublayer", "llmkit.models.bert.FeedForward"), NOTHING)],
    "bert/load-bert-weights": [(_alias("load_bert_weights", "llmkit.models.bert.load_transformers"), NOTHING)],
    "bert/make-mlm-batch": [(_alias("make_mlm_batch", "llmkit.tasks.Batches"), NOTHING)],
    "bert/masked-attention": [
        # The exercise says that it may be used; it gives no weights, which have to be got out of it.
        (
            textwrap.dedent("""\
            def attention(queries, keys, values, hidden=None):
                eye = torch.eye(keys.shape[-2], dtype=keys.dtype).expand(*keys.shape[:-1], keys.shape[-2])
                shape = (*queries.shape[:-1], keys.shape[-2])
                seen = None if hidden is None else ~hidden.expand(shape)
                weights = F.scaled_dot_product_attention(queries, keys, eye, attn_mask=seen)
                return weights @ values, weights
            """),
            ALL,
        ),
    ],
    "bert/mean-pooling": [],
    "bert/mlm-evaluate": [],
    "bert/mlm-loss": [
        (
            "def mlm_loss(logits, labels):\n"
            "    loss = F.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=-100)\n"
            "    return loss if (labels != -100).any() else logits.sum() * 0",
            ALL,
        ),
    ],
    "bert/mlm-train-step": [],
    "bert/nearest-texts": [
        (
            "def nearest_texts(query, vectors, k):\n"
            "    best = F.cosine_similarity(vectors, query[None]).topk(min(k, len(vectors)))\n"
            "    return list(zip(best.indices.tolist(), best.values.tolist()))",
            ALL,
        ),
        (
            "from sklearn.neighbors import NearestNeighbors\n\n\n"
            "def nearest_texts(query, vectors, k):\n"
            '    near = NearestNeighbors(n_neighbors=k, metric="cosine").fit(vectors.numpy())\n'
            "    away, index = near.kneighbors(query[None].numpy())\n"
            "    return [(int(i), 1 - float(d)) for i, d in zip(index[0], away[0])]",
            NOTHING,
        ),
    ],
    "bert/padding-mask": [
        (_alias("padding_mask", "llmkit.models.bert.where_padding"), NOTHING),
        (_wrapper("padding_mask", "llmkit.models.bert.where_padding", "ids", "ids"), NOTHING),
    ],
    "bert/predict-mask": [("from transformers import FillMaskPipeline as predict_mask", NOTHING)],
    "bert/sentence-pairs": [(_alias("sentence_pairs", "llmkit.tasks.Batches"), NOTHING)],
    "bert/word-piece": [
        (
            "from tokenizers.models import WordPiece\n\n\n"
            "def word_piece(word, vocab):\n"
            "    return [piece.value for piece in WordPiece(vocab, unk_token='[UNK]').tokenize(word)]",
            NOTHING,
        ),
    ],
    "ch01/bigram-counts": [],
    "ch01/bigram-probs": [],
    "ch01/estimate-memory": [],
    "ch01/most-likely-next": [],
    "ch01/perplexity": [
        (_wrapper("perplexity", "llmkit.tasks.perplexity", "p", "torch.tensor(p, dtype=torch.float64).log()"), NOTHING),
        (
            "def perplexity(probabilities):\n"
            "    if not probabilities:\n"
            '        raise ValueError("empty")\n'
            "    return torch.tensor(probabilities, dtype=torch.float64).log().mean().neg().exp().item()",
            ALL,
        ),
    ],
    "ch01/quiz": [],
    "ch02/binary-cross-entropy": [
        (
            "def binary_cross_entropy(logits, targets):\n"
            "    leaf = logits.clone().requires_grad_()\n"
            "    loss = F.binary_cross_entropy_with_logits(leaf, targets.to(logits.dtype))\n"
            "    return loss.detach(), torch.autograd.grad(loss, leaf)[0]",
            NOTHING,
        ),
        (
            "def binary_cross_entropy(logits, targets):\n"
            "    leaf = torch.tensor(logits.tolist(), requires_grad=True)\n"
            "    loss = F.binary_cross_entropy_with_logits(leaf, targets.to(leaf.dtype))\n"
            "    loss.backward()\n"
            "    return loss.detach(), leaf.grad",
            NOTHING,
        ),
        # The loss is fair: the gradient is the exercise.
        (
            "def binary_cross_entropy(logits, targets):\n"
            "    targets = targets.to(logits.dtype)\n"
            "    gradient = (torch.sigmoid(logits) - targets) / len(logits)\n"
            "    return F.binary_cross_entropy_with_logits(logits, targets), gradient",
            ALL,
        ),
    ],
    "ch02/bpe-decode": [
        (
            "import tiktoken\n\n\n"
            "def bpe_decode(ids, merges):\n"
            "    known = [bytes([value]) for value in range(256)] + [a + b for a, b in merges]\n"
            "    ranks = {token: number for number, token in enumerate(known)}\n"
            '    return tiktoken.Encoding("mine", pat_str=".", mergeable_ranks=ranks, special_tokens={}).decode(ids)',
            NOTHING,
        ),
    ],
    "ch02/bpe-encode": [
        (
            "from llmkit.models import from_ranks\n\n\n"
            "def bpe_encode(text, merges):\n"
            "    known = [bytes([value]) for value in range(256)] + [a + b for a, b in merges]\n"
            '    return from_ranks("mine", {token: number for number, token in enumerate(known)}).encode_ordinary(text)',
            NOTHING,
        ),
    ],
    "ch02/bpe-ranks": [],
    "ch02/bpe-train": [
        (
            "from tiktoken._educational import bpe_train as theirs\n\n\n"
            "def bpe_train(text, num_merges):\n"
            '    return list(theirs(text, 256 + num_merges, r"\\S+", visualise=None))[256:]',
            NOTHING,
        ),
    ],
    "ch02/build-vocab": [],
    "ch02/cbow-from-matrices": [],
    "ch02/cbow-pairs": [],
    "ch02/cbow-with-embedding": [],
    "ch02/context-bags": [],
    "ch02/context-windows": [],
    "ch02/count-pairs": [],
    "ch02/create-dataloader": [
        (
            "def create_dataloader(token_ids, context_length, stride, batch_size=4, shuffle=True, drop_last=True):\n"
            "    windows = WindowDataset(token_ids, context_length, stride)\n"
            "    return DataLoader(windows, batch_size, shuffle, drop_last=drop_last)",
            ALL,
        ),
    ],
    "ch02/cross-entropy": [
        *_all_forms("cross_entropy", "torch.nn.functional.cross_entropy"),
        ("cross_entropy = nn.CrossEntropyLoss()", NOTHING),
        ("def cross_entropy(logits, targets):\n    return F.nll_loss(F.log_softmax(logits, dim=1), targets)", ALL),
    ],
    "ch02/gpt-dataset": [],
    "ch02/linear-backward": [
        (
            "def linear_backward(grad_output, x, weight):\n"
            "    bias = torch.zeros(weight.shape[1])\n"
            "    _y, back = torch.func.vjp(lambda x, w, b: x @ w + b, x, weight, bias)\n"
            "    return back(grad_output)",
            NOTHING,
        ),
        (
            "def linear_backward(grad_output, x, weight):\n"
            "    leaves = [one.clone().requires_grad_() for one in (x, weight, torch.zeros(weight.shape[1]))]\n"
            "    return torch.autograd.grad(leaves[0] @ leaves[1] + leaves[2], leaves, grad_output)",
            NOTHING,
        ),
    ],
    "ch02/merge-pair": [],
    "ch02/minibatches": [],
    "ch02/mlp-by-hand": [
        (
            "class MLP:\n"
            "    def __init__(self, d_in, d_hidden, d_out):\n"
            "        self.ws = [torch.randn(d_in, d_hidden), torch.zeros(d_hidden), torch.randn(d_hidden, d_out), torch.zeros(d_out)]\n"
            "        for w in self.ws:\n"
            "            w.requires_grad_()\n\n"
            "    def forward(self, x):\n"
            "        self.x = x.clone().requires_grad_()\n"
            "        self.y = torch.tanh(self.x @ self.ws[0] + self.ws[1]) @ self.ws[2] + self.ws[3]\n"
            "        return self.y.detach()\n\n"
            "    def backward(self, grad_logits):\n"
            "        *self.gs, back = torch.autograd.grad(self.y, [*self.ws, self.x], grad_logits)\n"
            "        return back\n\n"
            "    def parameters(self):\n"
            "        return [w.detach() for w in self.ws]\n\n"
            "    def gradients(self):\n"
            "        return self.gs\n\n"
            "    def step(self, learning_rate):\n"
            "        for w, g in zip(self.ws, self.gs):\n"
            "            w.data -= learning_rate * g",
            NOTHING,
        ),
    ],
    "ch02/mlp-in-pytorch": [],
    "ch02/nearest-neighbours": [],
    "ch02/neuron": [],
    "ch02/one-hot": [
        (
            "def one_hot(ids, vocab_size):\n"
            "    if ids.numel() and (ids.min() < 0 or ids.max() >= vocab_size):\n"
            '        raise ValueError("an id is outside of the vocabulary")\n'
            "    return F.one_hot(ids, vocab_size).float()",
            ALL,
        ),
    ],
    "ch02/pad-batch": [],
    "ch02/perceptron": [("from sklearn.linear_model import Perceptron", NOTHING)],
    "ch02/simple-tokenizer": [],
    "ch02/special-tokenizer": [],
    "ch02/special-vocab": [],
    "ch02/token-position-embedding": [],
    "ch02/tokenize": [],
    "ch02/train": [],
    "ch02/vocabulary-curve": [],
    "ch03/attention-weights": [
        (
            "def attention_weights(queries, keys):\n"
            "    eye = torch.eye(keys.shape[-2], dtype=keys.dtype).expand(*keys.shape[:-1], keys.shape[-2])\n"
            "    return F.scaled_dot_product_attention(queries, keys, eye)",
            ALL,
        ),
    ],
    "ch03/causal-attention": [],
    "ch03/causal-mask": [],
    "ch03/masked-attention-weights": [],
    "ch03/merge-heads": [],
    "ch03/multi-head-attention": [
        (_alias("MultiHeadAttention", "llmkit.models.MultiHeadAttention"), NOTHING),
        (
            "from llmkit import models\n\n\n"
            "class MultiHeadAttention(nn.Module):\n"
            "    def __init__(self, d_in, d_out, context_length, dropout, num_heads, qkv_bias=False):\n"
            "        super().__init__()\n"
            "        self.inner = models.MultiHeadAttention(d_out, num_heads, dropout, qkv_bias)\n\n"
            "    def forward(self, x):\n"
            "        return self.inner(x)",
            NOTHING,
        ),
        ("class MultiHeadAttention(nn.MultiheadAttention):\n    pass", NOTHING),
    ],
    "ch03/multi-head-wrapper": [],
    "ch03/self-attention": [],
    "ch03/simple-attention-weights": [],
    "ch03/simple-context-vectors": [
        ("def simple_context_vectors(x):\n    return F.scaled_dot_product_attention(x, x, x, scale=1.0)", NOTHING),
        (
            "from functools import partial\n\n"
            "_sdpa = partial(torch.nn.functional.scaled_dot_product_attention, scale=1.0)\n\n\n"
            "def simple_context_vectors(x):\n"
            "    return _sdpa(x, x, x)",
            NOTHING,
        ),
    ],
    "ch03/split-heads": [],
    "ch04/block-flops": [],
    "ch04/count-parameters": [],
    "ch04/deep-network": [],
    "ch04/feed-forward": [
        (
            "from llmkit.models import bert\n\n\n"
            "class FeedForward(bert.FeedForward):\n"
            "    def __init__(self, cfg):\n"
            '        super().__init__(cfg["emb_dim"])',
            NOTHING,
        ),
    ],
    "ch04/gelu": [
        *_all_forms("GELU", "torch.nn.GELU"),
        ("class GELU(nn.GELU):\n    pass", NOTHING),
        ("class GELU(nn.Module):\n    def forward(self, x):\n        return F.gelu(x)", NOTHING),
        ("class GELU(nn.Module):\n    forward = staticmethod(torch._C._nn.gelu)", NOTHING),
        (
            "class GELU(nn.Module):\n    def forward(self, x):\n        return x\n\n\nGELU.forward = lambda self, x: F.gelu(x)",
            NOTHING,
        ),
    ],
    "ch04/generate-greedy": [
        (_alias("generate_greedy", "llmkit.models.generate"), NOTHING),
        (_wrapper("generate_greedy", "llmkit.models.generate", "model, idx, n, c", "model, idx, n, c"), NOTHING),
    ],
    "ch04/gpt-model": [
        *_all_forms("GPTModel", "llmkit.models.GPTModel"),
        (_subclass("GPTModel", "llmkit.models.GPTModel"), NOTHING),
        (_alias("GPTModel", "llmkit.models.gpt.GPTModel"), NOTHING),
        (_alias("GPTModel", "llmkit.models.SplitGPT"), NOTHING),
        ('import llmkit\n\nGPTModel = llmkit.mine("ch04").GPTModel', NOTHING),
        (
            "class GPTModel(nn.Module):\n"
            "    def __init__(self, cfg):\n"
            "        super().__init__()\n"
            '        self.inner = __import__("llmkit.models", fromlist=["x"]).GPTModel(cfg)\n\n'
            "    def forward(self, in_idx):\n"
            "        return self.inner(in_idx)",
            NOTHING,
        ),
        ('exec("from llmkit.models import GPTModel")\nGPTModel = GPTModel', NOTHING),
    ],
    "ch04/layer-norm": [
        ("LayerNorm = nn.LayerNorm", NOTHING),
        ("class LayerNorm(nn.LayerNorm):\n    pass", NOTHING),
        ("from torch.nn.modules.normalization import LayerNorm", NOTHING),
        (
            "class LayerNorm(nn.Module):\n"
            "    def __init__(self, emb_dim):\n"
            "        super().__init__()\n"
            "        self.gain, self.offset = nn.Parameter(torch.ones(emb_dim)), nn.Parameter(torch.zeros(emb_dim))\n\n"
            "    def forward(self, x):\n"
            "        return F.layer_norm(x, self.gain.shape, self.gain, self.offset, 1e-5)",
            NOTHING,
        ),
        (
            "class LayerNorm(nn.Module):\n"
            "    def __init__(self, emb_dim):\n"
            "        super().__init__()\n"
            "        self.inner = vars(nn)['LayerNorm'](emb_dim)\n\n"
            "    def forward(self, x):\n"
            "        return self.inner(x)",
            NOTHING,
        ),
    ],
    "ch04/memory-mb": [],
    "ch04/next-token-table": [],
    "ch04/transformer-block": [
        (_alias("TransformerBlock", "llmkit.models.TransformerBlock"), NOTHING),
        (_subclass("TransformerBlock", "llmkit.models.TransformerBlock"), NOTHING),
        (_alias("TransformerBlock", "torch.nn.TransformerEncoderLayer"), NOTHING),
    ],
    "ch05/apply-temperature": [
        (_alias("apply_temperature", "llmkit.views.tempered"), NOTHING),
        (_alias("apply_temperature", "llmkit.views.decoding.tempered"), NOTHING),
    ],
    "ch05/clip-gradients": [
        *_all_forms("clip_gradients", "torch.nn.utils.clip_grad_norm_"),
        (
            "def clip_gradients(parameters, max_norm):\n    return nn.utils.clip_grad_norm_(parameters, max_norm)",
            NOTHING,
        ),
    ],
    "ch05/evaluate": [(_alias("evaluate", "llmkit.training.mean_loss"), NOTHING)],
    "ch05/generate": [(_alias("generate", "llmkit.models.generate"), NOTHING)],
    "ch05/load-checkpoint": [],
    "ch05/load-gpt2-weights": [(_alias("load_gpt2_weights", "llmkit.models.load_gpt2"), NOTHING)],
    "ch05/loss-batch": [
        (_alias("loss_batch", "llmkit.training.loss_of"), NOTHING),
        ("def loss_batch(model, inputs, targets):\n    return F.cross_entropy(model(inputs).mT, targets)", ALL),
    ],
    "ch05/loss-loader": [(_alias("loss_loader", "llmkit.training.mean_loss"), NOTHING)],
    "ch05/perplexity-and-bits": [],
    "ch05/precision-for": [],
    "ch05/sample-next": [(_alias("sample_next", "llmkit.models.choose"), NOTHING)],
    "ch05/save-checkpoint": [],
    "ch05/token-losses": [
        ('def token_losses(logits, targets):\n    return F.cross_entropy(logits.mT, targets, reduction="none")', ALL),
    ],
    "ch05/top-k-filter": [(_alias("top_k_filter", "llmkit.views.most_probable"), NOTHING)],
    "ch05/top-p-filter": [(_alias("top_p_filter", "llmkit.views.nucleus"), NOTHING)],
    "ch05/train-loop": [],
    "ch05/train-step": [],
    "ch05/warmup-cosine": [
        (
            "from llmkit.training import warmup_cosine as theirs\n\n\n"
            "def warmup_cosine(step, n_steps, warmup_steps, peak, initial=0.0, least=0.0):\n"
            "    if step < warmup_steps:\n"
            "        return initial + (peak - initial) * step / warmup_steps\n"
            "    return theirs(step, n_steps, warmup_steps, peak, least)",
            NOTHING,
        ),
    ],
    "ch06/accuracy": [
        (
            "from llmkit.tasks import interval\n\n\n"
            "def accuracy(logits, labels, z=1.96):\n"
            "    if not len(labels):\n"
            '        raise ValueError("nothing")\n'
            "    right = int((logits.argmax(1) == labels).sum())\n"
            "    return (right / len(labels), *interval(right, len(labels), z))",
            NOTHING,
        ),
    ],
    "ch06/balance": [],
    "ch06/classification-loss": [(_alias("classification_loss", "llmkit.tasks.loss_of_batch"), NOTHING)],
    "ch06/classifier-head": [],
    "ch06/classify": [(_alias("classify", "llmkit.tasks.SpamClassifier"), NOTHING)],
    "ch06/confident-mistakes": [],
    "ch06/confusion-matrix": [
        (
            "from sklearn import metrics\n\n\n"
            "def confusion_matrix(predicted, true, num_classes):\n"
            "    return torch.tensor(metrics.confusion_matrix(true, predicted, labels=range(num_classes)))",
            NOTHING,
        ),
    ],
    "ch06/evaluate": [],
    "ch06/freeze": [],
    "ch06/last-logits": [
        (_alias("last_logits", "llmkit.tasks.last_real"), NOTHING),
        (_alias("last_logits", "llmkit.tasks.classifier.at"), NOTHING),
    ],
    "ch06/reliability": [("from sklearn.calibration import calibration_curve as reliability", NOTHING)],
    "ch06/spam-dataset": [],
    "ch06/split": [("from sklearn.model_selection import train_test_split as split", NOTHING)],
    "ch06/train-classifier": [],
    "ch07/collate": [],
    "ch07/extract-response": [],
    "ch07/format-prompt": [
        (
            "from llmkit.tasks import TEMPLATES\n\n\n"
            'def format_prompt(instruction, input_text="", language="en"):\n'
            "    if language not in TEMPLATES:\n"
            "        raise ValueError(language)\n"
            "    return TEMPLATES[language].prompt(instruction, input_text)",
            NOTHING,
        ),
        (
            'def format_prompt(instruction, input_text="", language="en"):\n'
            "    return llmkit.tasks.template(language).prompt(instruction, input_text)",
            NOTHING,
        ),
    ],
    "ch07/generate-response": [
        (
            "from llmkit.models import generate\n\n\n"
            "def generate_response(model, prompt_ids, max_new_tokens, context_length, end_id, choose=None):\n"
            "    ids = generate(model, torch.tensor([prompt_ids]), max_new_tokens, context_length, eos_id=end_id)\n"
            "    return [token for token in ids[0, len(prompt_ids) :].tolist() if token != end_id]",
            NOTHING,
        ),
    ],
    "ch07/instruction-dataset": [],
    "ch07/mask-instruction": [],
    "ch07/parse-score": [
        (_alias("parse_score", "llmkit.tasks.judge_model.whole_number"), NOTHING),
    ],
    "ch07/response-loss": [
        (_alias("response_loss", "llmkit.training.answer_loss"), NOTHING),
        (
            "def response_loss(model, inputs, targets):\n"
            "    if not (targets != -100).any():\n"
            "        return model(inputs).sum() * 0\n"
            "    return F.cross_entropy(model(inputs).flatten(0, 1), targets.flatten(), ignore_index=-100)",
            ALL,
        ),
    ],
    "ch07/save-responses": [],
    "ch07/score-by-task": [
        (
            "from llmkit.tasks import exact_match, f1\n\n\n"
            "def score_by_task(entries, responses):\n"
            "    rows = {}\n"
            "    for entry, said in zip(entries, responses, strict=True):\n"
            '        both = (0.0, 0.0) if said is None else (exact_match(said, entry["output"]), f1(said, entry["output"]))\n'
            '        for name in ("all", entry["task"]):\n'
            "            rows.setdefault(name, []).append(both)\n"
            "    return {\n"
            '        name: {"count": len(r), "exact": sum(e for e, _ in r) / len(r), "f1": sum(f for _, f in r) / len(r)}\n'
            "        for name, r in rows.items()\n"
            "    }",
            NOTHING,
        ),
    ],
    "ch07/split-by-instruction": [],
    "ch07/tune-step": [],
    "metrics/bleu": [
        (_alias("bleu", "llmkit.tasks.bleu"), NOTHING),
        (_alias("bleu", "llmkit.tasks.metrics.bleu"), NOTHING),
        (
            "from nltk.translate.bleu_score import corpus_bleu\n\n\n"
            "def bleu(candidates, references, max_n=4, smooth=False):\n"
            "    return corpus_bleu(references, candidates, [1 / max_n] * max_n)",
            NOTHING,
        ),
    ],
    "metrics/cider": [
        (_alias("cider", "llmkit.tasks.cider_each"), NOTHING),
        (_alias("cider", "llmkit.tasks.metrics.cider_each"), NOTHING),
    ],
    "metrics/exact-match": [
        (_alias("exact_match", "llmkit.tasks.exact_match"), NOTHING),
        (
            "from llmkit.tasks import normalise\n\n\n"
            "def exact_match(prediction, answers, articles=()):\n"
            "    return float(normalise(prediction, articles) in [normalise(a, articles) for a in answers])",
            NOTHING,
        ),
    ],
    "metrics/f1": [(_alias("f1", "llmkit.tasks.f1"), NOTHING)],
    "metrics/kendall-tau": [
        (
            "from scipy.stats import kendalltau\n\n\n"
            "def kendall_tau(x, y):\n"
            "    if len(x) != len(y):\n"
            '        raise ValueError("lengths differ")\n'
            "    return float(kendalltau(x, y).statistic) if len(x) > 1 else math.nan",
            NOTHING,
        ),
        (
            "import scipy\n\n\n"
            "def kendall_tau(x, y):\n"
            "    if len(x) != len(y):\n"
            '        raise ValueError("lengths differ")\n'
            "    return float(scipy.stats.kendalltau(x, y).statistic) if len(x) > 1 else math.nan",
            NOTHING,
        ),
    ],
    "metrics/meteor": [
        (_alias("meteor", "llmkit.tasks.meteor"), NOTHING),
        ("meteor = metrics.meteor", NOTHING),
        ("from nltk.translate.meteor_score import meteor_score as meteor", NOTHING),
    ],
    "metrics/perplexity": [(_alias("perplexity", "llmkit.tasks.perplexity"), NOTHING)],
    "metrics/rouge-l": [(_alias("rouge_l", "llmkit.tasks.rouge_l"), NOTHING)],
    "metrics/rouge-n": [(_alias("rouge_n", "llmkit.tasks.rouge_n"), NOTHING)],
    "modern/rms-norm": [
        *_all_forms("RMSNorm", "torch.nn.RMSNorm"),
        ("class RMSNorm(nn.RMSNorm):\n    pass", NOTHING),
        (_alias("RMSNorm", "transformers.models.llama.modeling_llama.LlamaRMSNorm"), NOTHING),
        (
            "class RMSNorm(nn.Module):\n"
            "    def __init__(self, d, eps=1e-5):\n"
            "        super().__init__()\n"
            "        self.gain, self.eps = nn.Parameter(torch.ones(d)), eps\n\n"
            "    def forward(self, x):\n"
            "        return F.rms_norm(x, self.gain.shape, self.gain, self.eps)",
            NOTHING,
        ),
        (
            "from llmkit.models.llama_model import rms_norm\n\n\n"
            "class RMSNorm(nn.Module):\n"
            "    def __init__(self, d, eps=1e-5):\n"
            "        super().__init__()\n"
            "        self.gain, self.eps = nn.Parameter(torch.ones(d)), eps\n\n"
            "    def forward(self, x):\n"
            "        return rms_norm(x, self.gain, self.eps)",
            NOTHING,
        ),
        (
            "class RMSNorm(nn.Module):\n"
            "    def __init__(self, d, eps=1e-5):\n"
            "        super().__init__()\n"
            "        self.gain, self.eps = nn.Parameter(torch.ones(d)), eps\n\n"
            "    def forward(self, x):\n"
            "        return torch.rms_norm(x, self.gain.shape, self.gain, self.eps)",
            NOTHING,
        ),
    ],
    "modern/silu": [
        *_all_forms("silu", "torch.nn.functional.silu"),
        ("def silu(x):\n    return F.silu(x)", NOTHING),
        ("silu = nn.SiLU()", NOTHING),
        ("silu = torch._C._nn.silu", NOTHING),
        ("def silu(x):\n    return x * F.sigmoid(x)", ALL),
    ],
    "modern/swiglu": [
        (_alias("SwiGLU", "llmkit.models.llama_model.LlamaBlock"), NOTHING),
        (_alias("SwiGLU", "transformers.models.llama.modeling_llama.LlamaMLP"), NOTHING),
        (
            "class SwiGLU(nn.Module):\n"
            "    def __init__(self, d, d_hidden):\n"
            "        super().__init__()\n"
            "        self.gate, self.up = nn.Linear(d, d_hidden, bias=False), nn.Linear(d, d_hidden, bias=False)\n"
            "        self.down, self.act = nn.Linear(d_hidden, d, bias=False), nn.SiLU()\n\n"
            "    def forward(self, x):\n"
            "        return self.down(self.act(self.gate(x)) * self.up(x))",
            ALL,
        ),
    ],
    "modern/rotary-angles": [
        (
            "from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding\n\n\n"
            "def rotary_angles(positions, d_head, base=10_000.0):\n"
            "    return LlamaRotaryEmbedding(d_head)(positions, positions)",
            NOTHING,
        ),
    ],
    "modern/rotate-halves": [
        (_wrapper("rotate_halves", "transformers.models.llama.modeling_llama.apply_rotary_pos_emb"), NOTHING),
    ],
    "modern/rotate-pairs": [(_alias("rotate_pairs", "llmkit.models.llama_model.rotate_pairs"), NOTHING)],
    "modern/pairs-to-halves": [(_alias("pairs_to_halves", "llmkit.models.llama.pairs_to_halves"), NOTHING)],
    "modern/cache-bytes": [],
    "modern/grouped-query-attention": [
        ("from transformers.models.llama.modeling_llama import LlamaAttention as GroupedQueryAttention", NOTHING),
        (
            "class GroupedQueryAttention(nn.Module):\n"
            "    def __init__(self, d, n_heads, n_kv_heads, base=10_000.0):\n"
            "        super().__init__()\n"
            "        self.inner = llmkit.models.MultiHeadAttention(d, n_heads)\n\n"
            "    def forward(self, x):\n"
            "        return self.inner(x)",
            NOTHING,
        ),
    ],
    "modern/kv-cache": [
        (
            "from transformers import DynamicCache\n\n\n"
            "def attend_with_cache(queries, keys, values, cache=None, base=10_000.0):\n"
            "    return queries, DynamicCache().update(keys, values, 0)",
            NOTHING,
        ),
        (
            "from llmkit.models import KVCache\n\n\n"
            "def attend_with_cache(queries, keys, values, cache=None, base=10_000.0):\n"
            "    return queries, KVCache(cache)",
            NOTHING,
        ),
    ],
    "modern/repeat-heads": [(_alias("repeat_heads", "transformers.models.llama.modeling_llama.repeat_kv"), NOTHING)],
    "modern/add-lora": [(_alias("add_lora", "peft.get_peft_model"), NOTHING)],
    "modern/lora-checkpoint": [
        (
            "import peft\n\n\ndef lora_state(model):\n    return peft.get_peft_model_state_dict(model)\n\n\n"
            "def load_lora(model, state):\n    return model",
            NOTHING,
        ),
    ],
    "modern/lora-linear": [
        *_all_forms("LoRALinear", "llmkit.models.lora.LoRALinear"),
        (_alias("LoRALinear", "llmkit.models.LoRALinear"), NOTHING),
        ("from llmkit.models import lora\n\n\nclass LoRALinear(lora.LoRALinear):\n    pass", NOTHING),
        (_alias("LoRALinear", "peft.tuners.lora.layer.Linear"), NOTHING),
    ],
    "modern/merge-lora": [
        ("import peft\n\n\ndef merge_lora(model):\n    return peft.PeftModel.merge_and_unload(model)", NOTHING)
    ],
    "modern/answer": [
        (
            "from llmkit.models import stream\n\n\n"
            "def answer(model, ids, max_new_tokens, end_id, choose=None):\n"
            "    return stream(model, torch.tensor([ids]), max_new_tokens, eos_id=end_id)",
            NOTHING,
        ),
    ],
    "modern/chat-template": [
        (
            "from transformers import AutoTokenizer\n\n\n"
            "def chat_ids(messages, encode, start_id, end_id):\n"
            '    theirs = AutoTokenizer.from_pretrained("HuggingFaceTB/SmolLM2-135M-Instruct")\n'
            "    return theirs.apply_chat_template(messages, add_generation_prompt=True)",
            NOTHING,
        ),
    ],
    "modern/llama-block": [
        *_all_forms("LlamaBlock", "llmkit.models.SplitLlamaBlock"),
        ("LlamaBlock = SplitLlamaBlock", NOTHING),
        ("class LlamaBlock(SplitLlamaBlock):\n    pass", NOTHING),
    ],
    "modern/llama-model": [
        (_alias("LlamaModel", "llmkit.models.SplitLlama"), NOTHING),
        (_subclass("LlamaModel", "llmkit.models.SplitLlama"), NOTHING),
        (_alias("LlamaModel", "transformers.LlamaForCausalLM"), NOTHING),
    ],
    "modern/load-weights": [
        (
            "from llmkit.models.llama import llama_weights\n\n\n"
            "def state_from_gguf(tensors, n_heads, n_kv_heads):\n"
            '    return llama_weights("model.gguf")[1]',
            NOTHING,
        ),
    ],
    "modern/split-digits": [
        (
            "from tokenizers.pre_tokenizers import Digits\n\n\n"
            "def split_digits(text):\n"
            "    return [piece for piece, _span in Digits(individual_digits=True).pre_tokenize_str(text)]",
            NOTHING,
        ),
    ],
    "modern/absmax-int8": [
        (
            "def absmax_int8(x):\n"
            "    scale = x.abs().max().item() / 127\n"
            "    return torch.quantize_per_tensor(x, scale, 0, torch.qint8).int_repr(), scale",
            NOTHING,
        ),
        (
            "def absmax_int8(x):\n"
            "    scale = x.abs().max() / 127\n"
            "    return torch.clamp(x / scale, -127, 127).round().nan_to_num().to(torch.int8), scale",
            ALL,
        ),
    ],
    "modern/blockwise-4bit": [
        (
            "def blockwise_4bit(x, block=32):\n"
            "    rows = x.reshape(-1, block)\n"
            "    low, scales = rows.amin(1), (rows.amax(1) - rows.amin(1)) / 15\n"
            "    codes = torch.quantize_per_channel(rows - low[:, None], scales, 0 * low, 0, torch.quint8).int_repr()\n"
            "    return codes.reshape(x.shape), scales, low",
            NOTHING,
        ),
    ],
    "modern/blockwise-int8": [
        (
            "def blockwise_int8(x, block=32):\n"
            "    rows = x.reshape(-1, block)\n"
            "    scales = rows.abs().amax(1) / 127\n"
            "    codes = torch.quantize_per_channel(rows, scales, torch.zeros_like(scales), 0, torch.qint8).int_repr()\n"
            "    return codes.reshape(x.shape), scales",
            NOTHING,
        ),
    ],
    "modern/gguf-blocks": [
        (
            "from gguf import quants\n\n\n"
            "def read_q8_0(raw):\n"
            "    return torch.from_numpy(quants.dequantize(raw.numpy(), 8))\n\n\n"
            "def read_q4_1(raw):\n"
            "    return torch.from_numpy(quants.dequantize(raw.numpy(), 3))",
            NOTHING,
        ),
        (
            "from llmkit.models import gguf\n\n\n"
            "def read_q8_0(raw):\n"
            "    return gguf.GGUFTensor('raw', (len(raw), -1), 'Q8_0', raw).dequantised()\n\n\n"
            "def read_q4_1(raw):\n"
            "    return gguf.GGUFTensor('raw', (len(raw), -1), 'Q4_1', raw).dequantised()",
            NOTHING,
        ),
    ],
    "modern/pack-nibbles": [],
}

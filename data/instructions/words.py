"""Words of both languages for the tasks; names, things, colours and places are the story world's."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from data.story_world import english, portuguese
from data.story_world.world import ANIMALS, CLOTHES, COLOURS, FOOD, TOYS

FOLDER = Path(__file__).parent
PLACES = ("park", "garden", "beach", "forest", "river", "hill", "farm", "yard", "lake", "square", "school", "market")
SPOTS = ("bench", "bush", "tree", "rock", "box", "log", "cupboard", "bed")
# Categories of words, in the order of the choices in the instruction.
KINDS = {"animal": ANIMALS, "food": FOOD, "toy": TOYS, "clothing": CLOTHES}


@dataclass(frozen=True)
class Word:
    """A noun.

    Attributes:
        text: the word.
        gender: "o" or "a" in Portuguese, empty in English.
        kind: one of KINDS.
    """

    text: str
    gender: str
    kind: str


@dataclass(frozen=True)
class Lexicon:
    """What the tasks need of a language.

    Attributes:
        code: "en" or "pt-BR".
        names: names of children.
        nouns: things and animals of each kind.
        colours: by gender: for "o" or no gender, and for "a".
        places: "in the park" and so on.
        spots: "under the bench" and so on.
        kinds: names of the kinds.
        feelings: sentences about somebody `{n}`, each with the name of the feeling.
        opposites: pairs.
        days: days of the week, in order.
        yes_no: the two words.
        conjunction: the word for "and".
        is_in, has, put, went: sentence templates.
        negated: pairs of a sentence and its negation.
        phrasings: wordings of the instructions by task: those for training, and unseen ones.
    """

    code: str
    names: tuple[str, ...]
    nouns: tuple[Word, ...]
    colours: tuple[tuple[str, str], ...]
    places: tuple[str, ...]
    spots: tuple[str, ...]
    kinds: dict[str, str]
    feelings: tuple[tuple[str, str], ...]
    opposites: tuple[tuple[str, str], ...]
    days: tuple[str, ...]
    yes_no: tuple[str, str]
    conjunction: str
    is_in: str
    has: str
    put: str
    negated: tuple[tuple[str, str], ...]
    phrasings: dict[str, tuple[list[str], list[str]]] = field(default_factory=dict)

    def the(self, word: Word) -> str:
        """With the definite article."""
        return f"{word.gender or 'the'} {word.text}"

    def coloured(self, word: Word, colour: tuple[str, str]) -> str:
        """With article and colour."""
        if self.code == "en":
            return f"the {colour[0]} {word.text}"
        return f"{word.gender} {word.text} {colour[word.gender == 'a']}"


def phrasings(file: Path) -> dict[str, tuple[list[str], list[str]]]:
    """Reads a table of instructions."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    task = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if re.fullmatch(r"[a-z_]+", line):
            task = line
            found[task] = ([], [])
        else:
            found[task][line.startswith("- ")].append(line.removeprefix("- "))
    return found


def _english_nouns() -> tuple[Word, ...]:
    names = {
        key: english.THINGS.get(key, key).split()[-1] if key != "bear" else "bear"
        for keys in KINDS.values()
        for key in keys
    }
    return tuple(Word(names[key], "", kind) for kind, keys in KINDS.items() for key in keys)


def _portuguese_nouns() -> tuple[Word, ...]:
    table = portuguese.THINGS | portuguese.ANIMALS
    return tuple(Word(*table[key], kind) for kind, keys in KINDS.items() for key in keys)


ENGLISH = Lexicon(
    code="en",
    names=(*english.GIRLS, *english.BOYS),
    nouns=_english_nouns(),
    colours=tuple((colour, colour) for colour in COLOURS),
    places=tuple(english.PLACES[key] for key in PLACES),
    spots=tuple(english.SPOTS[key] for key in SPOTS),
    kinds={kind: kind for kind in KINDS},
    feelings=(
        ("{n} laughs and jumps for joy.", "happy"), ("{n} smiles and sings all day.", "happy"), ("{n} got a nice present and claps.", "happy"),
        ("{n} has lost a toy and cries.", "sad"),
        ("{n} looks at the ground, and tears fall.", "sad"),
        ("{n} misses a friend and does not want to play.", "sad"),
        ("{n} hears a noise in the dark and hides.", "afraid"),
        ("{n} shakes and holds the blanket tight.", "afraid"),
        ("{n} sees a big dog and runs away.", "afraid"),
        ("{n} shouts and throws the ball away.", "angry"), ("{n} stamps on the floor with a red face.", "angry"), ("{n} slams the door.", "angry"),
        ("{n} yawns and closes both eyes.", "tired"),
        ("{n} has walked all day and wants to go to bed.", "tired"),
        ("{n} falls asleep at the table.", "tired"),
    ),
    opposites=(
        ("big", "small"), ("hot", "cold"), ("wet", "dry"), ("open", "closed"), ("full", "empty"), ("happy", "sad"), ("clean", "dirty"),
        ("fast", "slow"), ("high", "low"), ("day", "night"), ("old", "new"), ("long", "short"), ("first", "last"), ("dark", "light"),
    ),
    days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    yes_no=("yes", "no"),
    conjunction="and",
    is_in="{n} is {p}.",
    has="{n} has {x}.",
    put="{n} put {x} {s}.",
    negated=(
        ("{n} has {x}.", "{n} does not have {x}."), ("{n} is {p}.", "{n} is not {p}."), ("{n} sees {x}.", "{n} does not see {x}."),
        ("{n} wants {x}.", "{n} does not want {x}."), ("{n} likes {x}.", "{n} does not like {x}."),
    ),
    phrasings=phrasings(FOLDER / "english.txt"),
)  # fmt: skip

PORTUGUESE = Lexicon(
    code="pt-BR",
    names=(*portuguese.GIRLS, *portuguese.BOYS),
    nouns=_portuguese_nouns(),
    colours=tuple(portuguese.COLOURS[key] for key in COLOURS),
    places=tuple(portuguese.PLACES[key] for key in PLACES),
    spots=tuple(portuguese.SPOTS[key] for key in SPOTS),
    kinds={"animal": "animal", "food": "comida", "toy": "brinquedo", "clothing": "roupa"},
    feelings=(
        ("{n} ri e pula sem parar.", "alegria"), ("{n} sorri e canta o dia todo.", "alegria"), ("{n} ganhou um presente e bate palmas.", "alegria"),
        ("{n} perdeu um brinquedo e chora.", "tristeza"),
        ("{n} olha para o chão, e as lágrimas caem.", "tristeza"),
        ("{n} tem saudade e não quer brincar.", "tristeza"),
        ("{n} ouve um barulho no escuro e se esconde.", "medo"),
        ("{n} treme e segura o cobertor com força.", "medo"),
        ("{n} vê um cachorro grande e sai correndo.", "medo"),
        ("{n} grita e joga a bola longe.", "raiva"), ("{n} bate o pé com o rosto vermelho.", "raiva"), ("{n} bate a porta com força.", "raiva"),
        ("{n} boceja e fecha os olhos.", "cansaço"),
        ("{n} andou o dia todo e quer ir para a cama.", "cansaço"),
        ("{n} dorme em cima da mesa.", "cansaço"),
    ),
    opposites=(
        ("grande", "pequeno"),
        ("quente", "frio"),
        ("molhado", "seco"),
        ("aberto", "fechado"),
        ("cheio", "vazio"),
        ("alegre", "triste"),
        ("limpo", "sujo"),
        ("rápido", "lento"),
        ("alto", "baixo"),
        ("dia", "noite"),
        ("velho", "novo"),
        ("comprido", "curto"),
        ("primeiro", "último"),
        ("escuro", "claro"),
    ),
    days=("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"),
    yes_no=("sim", "não"),
    conjunction="e",
    is_in="{n} está {p}.",
    has="{n} tem {x}.",
    put="{n} pôs {x} {s}.",
    negated=(
        ("{n} tem {x}.", "{n} não tem {x}."), ("{n} está {p}.", "{n} não está {p}."), ("{n} vê {x}.", "{n} não vê {x}."),
        ("{n} quer {x}.", "{n} não quer {x}."), ("{n} procura {x}.", "{n} não procura {x}."),
    ),
    phrasings=phrasings(FOLDER / "portuguese.txt"),
)  # fmt: skip
LEXICONS = {"en": ENGLISH, "pt-BR": PORTUGUESE}

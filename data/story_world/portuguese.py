"""Brazilian Portuguese: words of the world with their gender, and how slots are filled."""

import re
from pathlib import Path

from .telling import Language, capital
from .world import Being, Thing

GIRLS = (
    "Ana", "Júlia", "Bia", "Clara", "Lia", "Sofia", "Helena", "Luísa", "Nina", "Marina",
    "Rosa", "Iara", "Elisa", "Teresa", "Lara", "Dora", "Cecília", "Joana", "Rita", "Alice",
)  # fmt: skip
BOYS = (
    "João", "Pedro", "Caio", "Davi", "Tiago", "Lucas", "Rafael", "Miguel", "Bento", "Zeca",
    "Otávio", "André", "Hugo", "Felipe", "Daniel", "Chico", "Nando", "Ivo", "Raul", "Téo",
)  # fmt: skip
# Noun and gender: o or a.
PEOPLE = {
    "mother": ("mãe", "a"), "father": ("pai", "o"), "grandmother": ("avó", "a"), "grandfather": ("avô", "o"),
}  # fmt: skip
TRADES = {
    "teacher": ("professor", "professora"), "baker": ("padeiro", "padeira"), "farmer": ("fazendeiro", "fazendeira"),
    "gardener": ("jardineiro", "jardineira"), "neighbour": ("vizinho", "vizinha"),
}  # fmt: skip
ANIMALS = {
    "dog": ("cachorrinho", "o"), "cat": ("gatinho", "o"), "rabbit": ("coelho", "o"), "duck": ("pato", "o"),
    "turtle": ("tartaruga", "a"), "bird": ("passarinho", "o"), "squirrel": ("esquilo", "o"), "hen": ("galinha", "a"),
    "lamb": ("cordeirinho", "o"), "frog": ("sapo", "o"),
}  # fmt: skip
THINGS = {
    "ball": ("bola", "a"), "kite": ("pipa", "a"), "doll": ("boneca", "a"), "boat": ("barquinho", "o"), "car": ("carrinho", "o"),
    "drum": ("tambor", "o"), "train": ("trenzinho", "o"), "bear": ("ursinho", "o"), "robot": ("robô", "o"),
    "puzzle": ("quebra-cabeça", "o"), "top": ("pião", "o"), "plane": ("aviãozinho", "o"), "hat": ("chapéu", "o"),
    "scarf": ("cachecol", "o"), "coat": ("casaco", "o"), "sweater": ("suéter", "o"), "jacket": ("jaqueta", "a"), "cap": ("boné", "o"),
    "apple": ("maçã", "a"), "bread": ("pão", "o"), "cake": ("bolo", "o"), "banana": ("banana", "a"), "cookie": ("biscoito", "o"),
    "cheese": ("queijo", "o"), "pear": ("pera", "a"), "carrot": ("cenoura", "a"), "peach": ("pêssego", "o"), "pie": ("torta", "a"),
    "bucket": ("balde", "o"), "basket": ("cesta", "a"), "rope": ("corda", "a"), "ladder": ("escada", "a"), "spade": ("pá", "a"),
    "brush": ("pincel", "o"), "lamp": ("luminária", "a"), "net": ("rede", "a"), "sunflower": ("girassol", "o"),
    "rose": ("rosa", "a"), "daisy": ("margarida", "a"), "tulip": ("tulipa", "a"),
}  # fmt: skip
COLOURS = {
    "red": ("vermelho", "vermelha"), "blue": ("azul", "azul"), "green": ("verde", "verde"), "yellow": ("amarelo", "amarela"),
    "white": ("branco", "branca"), "black": ("preto", "preta"), "orange": ("laranja", "laranja"), "purple": ("roxo", "roxa"),
    "pink": ("cor-de-rosa", "cor-de-rosa"), "brown": ("marrom", "marrom"),
}  # fmt: skip
PLACES = {
    "park": "no parque", "garden": "no jardim", "beach": "na praia", "forest": "na floresta", "river": "perto do rio",
    "hill": "no alto do morro", "farm": "na fazenda", "yard": "no quintal", "lake": "perto do lago", "square": "na praça",
    "school": "na escola", "house": "em casa", "bedroom": "no quarto", "market": "na feira",
}  # fmt: skip
SPOTS = {
    "bench": "debaixo do banco", "bush": "atrás do arbusto", "tree": "atrás da árvore", "rock": "atrás da pedra",
    "box": "dentro da caixa", "log": "atrás do tronco", "cupboard": "dentro do armário", "bed": "debaixo da cama",
}  # fmt: skip
OUT_OF = {"box": "de dentro da caixa", "cupboard": "de dentro do armário"}
SKILLS = {
    "swim": "nadar",
    "ride": "andar de bicicleta",
    "skate": "patinar",
    "jump": "pular corda",
    "whistle": "assobiar",
}
MY = {"my": ("meu", "minha"), "your": ("seu", "sua")}


def agree(adjective: str, gender: str) -> str:
    """An adjective that ends in -o, or meu, inflected for gender."""
    if gender == "o":
        return adjective
    return {"meu": "minha"}.get(adjective) or adjective.removesuffix("o") + "a"


class Portuguese(Language):
    """Brazilian Portuguese."""

    code = "pt-BR"
    times = ("manhã", "tarde")

    def __init__(self) -> None:
        super().__init__(Path(__file__).with_name("portuguese.txt"))

    def being(self, being: Being, wanted: str, extra: str) -> str:
        gender = self._gender(being)
        if extra:
            return agree(extra, gender)
        if wanted == "oa":
            return gender
        if wanted.lower() == "he":
            text = "ele" if gender == "o" else "ela"
            return capital(text) if wanted == "He" else text
        if wanted == "child":
            return "um menino" if gender == "o" else "uma menina"
        if wanted == "friend":
            return "seu amigo" if gender == "o" else "sua amiga"
        if wanted.lower() == "a":
            text = f"{'um' if gender == 'o' else 'uma'} {self._noun(being)}"
        elif wanted in ("of", "to", "in"):
            return self._joined(wanted, being)
        else:
            text = self._called(being)
        return capital(text) if wanted.isupper() else text

    def pair(self, people: list[Being], wanted: str) -> str:
        female = all(self._gender(being) == "a" for being in people if being.kind != "animal")
        return {"two": ("os dois", "as duas"), "together": ("juntos", "juntas"), "one": ("um", "uma")}[wanted][female]

    def _gender(self, being: Being) -> str:
        if being.kind == "animal":
            return ANIMALS[being.key][1]
        return "a" if being.female else "o"

    def _noun(self, being: Being) -> str:
        if being.kind == "child":
            return (GIRLS if being.female else BOYS)[int(being.key)]
        if being.kind == "animal":
            return ANIMALS[being.key][0]
        return TRADES[being.key][being.female] if being.kind == "helper" else PEOPLE[being.key][0]

    def _called(self, being: Being) -> str:
        """Names have no article, everybody else has one."""
        return self._noun(being) if being.kind == "child" else f"{self._gender(being)} {self._noun(being)}"

    def _joined(self, preposition: str, being: Being) -> str:
        """With de, a or em, which merge with the article."""
        if being.kind == "child":
            return {"of": "de ", "to": "para ", "in": "em "}[preposition] + self._noun(being)
        merged = {"of": ("do", "da"), "to": ("para o", "para a"), "in": ("no", "na")}[preposition]
        return f"{merged[self._gender(being) == 'a']} {self._noun(being)}"

    def thing(self, thing: Thing, wanted: str, extra: str) -> str:
        word, gender = THINGS[thing.key]
        female = gender == "a"
        if extra:
            return agree(extra, gender)
        colour = COLOURS[thing.colour][female] if thing.colour else ""
        coloured = f"{word} {colour}".strip()
        one = "uma" if female else "um"
        forms = {
            "": f"{gender} {coloured}",
            "N": f"{gender.upper()} {coloured}",
            "a": f"{one} {coloured}",
            "anew": f"{one} {coloured} {agree('novo', gender)}",
            "aw": f"{one} {word}",
            "thew": f"{gender} {word}",
            "Thew": f"{gender.upper()} {word}",
            "w": word,
            "c": colour,
            "cf": COLOURS[thing.colour][1] if thing.colour else "",
            "of": f"d{gender} {coloured}",
            "by": f"pel{gender} {word}",
            "byyour": f"pel{gender} {MY['your'][female]} {word}",
            "my": f"{MY['my'][female]} {coloured}",
            "My": f"{capital(MY['my'][female])} {coloured}",
            "myw": f"{gender} {MY['my'][female]} {word}",
            "Myw": f"{gender.upper()} {MY['my'][female]} {word}",
            "yourw": f"{gender} {MY['your'][female]} {word}",
        }
        return forms[wanted]

    def plain(self, key: str, wanted: str) -> str:
        if wanted in ("in", "on", "to"):
            return {"in": PLACES, "on": SPOTS, "to": SKILLS}[wanted][key]
        if wanted == "from":
            return OUT_OF[key]
        word, gender = THINGS[key]
        return f"{gender} {word}" if wanted == "the" else f"{'uma' if gender == 'a' else 'um'} {word}"

    def is_speech(self, text: str) -> bool:
        return "—" in text

    def polish(self, text: str) -> str:
        # A bar begins a new line: speech is on a line of its own.
        lines = [super(Portuguese, self).polish(line.strip()) for line in text.split("|")]
        return re.sub(r"  +", " ", "\n".join(lines))

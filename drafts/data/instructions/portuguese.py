"""Brazilian Portuguese: the words of the tasks with their gender, and how they are put together."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from data.story_world import portuguese as stories
from data.story_world.world import ANIMALS, COLOURS, FOOD

from .lexicon import Lexicon
from .templates import Noun, Thing, Wording, pairs, wordings


def _world(*keys: str) -> tuple[Noun, ...]:
    table = stories.THINGS | stories.ANIMALS
    return tuple(Noun(*table[key]) for key in keys)


def _nouns(text: str) -> tuple[Noun, ...]:
    """From "o sapo, a casa"."""
    return tuple(Noun(word, gender) for gender, word in map(str.split, text.split(", ")))


class Portuguese(Lexicon):
    """Brazilian Portuguese."""

    code = "pt-BR"
    either = "ou"
    # Rosa is a colour, too.
    girls = tuple(name for name in stories.GIRLS if name != "Rosa")
    boys = stories.BOYS
    pronouns = ("", "")
    toys = _world("ball", "kite", "doll", "boat", "car", "drum", "train", "robot", "puzzle", "top", "plane")
    clothes = (*_world("hat", "scarf", "coat", "sweater", "jacket", "cap"), *_nouns("a camisa, o vestido, a luva"))
    kinds: ClassVar[dict[str, tuple[Noun, ...]]] = {
        "animals": _world(*ANIMALS),
        "food": (*_world(*FOOD), *_nouns("a sopa")),
        "toys": toys,
        "clothes": clothes,
        "places": _nouns("o parque, o jardim, a praia, a floresta, a fazenda, a escola, a praça, a cozinha, o quintal"),
        # No laranja: it is a food, too.
        "colours": _nouns("o vermelho, o azul, o verde, o amarelo, o branco, o preto, o roxo, o marrom"),
    }
    labels: ClassVar[dict[str, str]] = {
        "animals": "animais", "food": "comidas", "toys": "brinquedos", "clothes": "roupas", "places": "lugares", "colours": "cores",
    }  # fmt: skip
    colours = tuple(stories.COLOURS[key] for key in COLOURS)
    places = (*(place for key, place in stories.PLACES.items() if key not in ("house", "hill")), "na cozinha")
    spots = tuple(stories.SPOTS.values())
    doing = (
        "cantando", "lendo", "dançando", "desenhando", "rindo", "chorando", "pulando", "brincando", "descansando", "esperando",
        "assobiando", "gritando", "dormindo", "conversando", "correndo",
    )  # fmt: skip
    deeds = (
        ("abre a porta", "abriu a porta"), ("fecha a janela", "fechou a janela"), ("lava a caneca", "lavou a caneca"),
        ("penteia a boneca", "penteou a boneca"), ("rega as flores", "regou as flores"), ("desenha uma casa", "desenhou uma casa"),
        ("canta uma música", "cantou uma música"), ("escreve uma carta", "escreveu uma carta"), ("faz um bolo", "fez um bolo"),
        ("pinta a cerca", "pintou a cerca"), ("acha um botão", "achou um botão"), ("pesca um peixe", "pescou um peixe"),
        ("constrói um castelo", "construiu um castelo"), ("sobe na árvore", "subiu na árvore"), ("perde uma luva", "perdeu uma luva"),
        ("quebra um prato", "quebrou um prato"), ("bebe o leite", "bebeu o leite"), ("colhe uma maçã", "colheu uma maçã"),
        ("come uma pera", "comeu uma pera"), ("compra pão", "comprou pão"), ("carrega a cesta", "carregou a cesta"),
        ("esconde o presente", "escondeu o presente"), ("limpa a mesa", "limpou a mesa"), ("vê um arco-íris", "viu um arco-íris"),
        ("ouve um passarinho", "ouviu um passarinho"), ("arruma a cama", "arrumou a cama"), ("pega a rede", "pegou a rede"),
        ("conta uma história", "contou uma história"), ("traz a sopa", "trouxe a sopa"), ("lê um livro", "leu um livro"),
    )  # fmt: skip
    feelings: ClassVar[dict[str, tuple[str, ...]]] = {
        "feliz": ("{n} ri e bate palmas.", "{n} dá pulos e sorri.", "{n} ganhou um presente e sorri.", "{n} canta e sorri para todo mundo."),
        "triste": ("{n} perdeu um brinquedo e chora.", "{n} olha para o chão, e as lágrimas caem.", "{n} está com saudade e não quer brincar.",
                   "{n} chora num canto."),
        "com medo": ("{n} ouve um barulho no escuro e se esconde.", "{n} treme e segura o cobertor com força.",
                     "{n} vê um cachorro grande e sai correndo.", "{n} ouve um trovão e se enfia debaixo da cama."),
        "com raiva": ("{n} grita e joga a bola longe.", "{n} bate o pé, com o rosto vermelho.", "{n} bate a porta com força.",
                      "{n} chuta a caixa e grita."),
        "com sono": ("{n} boceja e fecha os olhos.", "{n} brincou o dia todo e quer ir para a cama.", "{n} dorme em cima da mesa.",
                     "{n} boceja e procura o travesseiro."),
        "com fome": ("{n} não comeu nada desde cedo.", "{n} está de barriga vazia e pede pão.", "{n} olha para a sopa e não consegue esperar.",
                     "{n} pergunta se o almoço já vai sair."),
    }  # fmt: skip
    causes = (
        ("chorou", "A pipa rasgou"), ("riu", "O pato dançou"), ("correu para casa", "Começou a chover"), ("vestiu o casaco", "Estava frio"),
        ("foi para a cama", "Já era tarde"), ("bebeu água", "Fazia calor"), ("abriu a janela", "O quarto estava quente"),
        ("acendeu a luz", "A sala estava escura"), ("bateu palmas", "A música era linda"), ("se escondeu", "O cachorro latiu"),
        ("veio para a mesa", "A sopa estava pronta"), ("sorriu", "O sol apareceu"), ("falou baixinho", "O bebê dormia"),
        ("tirou os sapatos", "A areia estava quentinha"),
    )  # fmt: skip
    links = ("e", "porque")
    ordinals = ("primeira", "segunda", "terceira", "última")
    moments = ("primeiro", "por último")
    yes_no = ("sim", "não")
    true_false = ("verdadeiro", "falso")
    blanks = (
        ("{n} come ____.", "food", ("clothes", "toys")), ("{n} quer ____ no almoço.", "food", ("clothes", "toys")),
        ("{n} sente frio e põe ____.", "clothes", ("food", "animals", "toys")),
        ("{n} tira ____ da gaveta de roupas.", "clothes", ("food", "animals", "toys")),
        ("{n} brinca com ____.", "toys", ("food", "clothes")), ("{n} tira ____ da caixa de brinquedos.", "toys", ("food", "clothes")),
        ("{n} ouve ____ fugir.", "animals", ("food", "clothes")), ("{n} dá água para ____ beber.", "animals", ("clothes", "toys")),
    )  # fmt: skip
    says = ("diz", "pergunta")
    manners = (
        (("Obrigada!", "Obrigado!"), "De nada, {n}.", ("Por nada, {n}.", "Não há de quê, {n}.", "Imagina, {n}.")),
        (("Bom dia!",) * 2, "Bom dia, {n}!", ()),
        (("Boa noite!",) * 2, "Boa noite, {n}!", ("Durma bem, {n}!",)),
        (("Tchau!",) * 2, "Tchau, {n}!", ("Até logo, {n}!",)),
        (("Tudo bem?",) * 2, "Tudo bem, {n}. E você?", ("Tudo bem, {n}.", "Tudo, {n}. E você?")),
        (("Desculpe!",) * 2, "Não foi nada, {n}.", ("Tudo bem, {n}.",)),
        (("Muito prazer!",) * 2, "O prazer é meu, {n}.", ("Muito prazer, {n}.",)),
        (("Posso entrar?",) * 2, "Pode entrar, {n}.", ("Pode, sim, {n}.", "Entre, por favor, {n}.")),
    )  # fmt: skip
    sizes = (
        _nouns("a formiga, a abelha, a semente, o botão, a joaninha"),
        _nouns("o rato, o sapo, a pera, a xícara"),
        _nouns("o gato, a galinha, o coelho, o pato"),
        _nouns("o cavalo, a vaca, o leão, o urso"),
        _nouns("a casa, a escola, o castelo, o celeiro"),
        _nouns("a montanha, a floresta, a cidade"),
    )
    opposites = (
        ("grande", "pequeno"), ("quente", "frio"), ("molhado", "seco"), ("aberto", "fechado"), ("cheio", "vazio"), ("feliz", "triste"),
        ("limpo", "sujo"), ("rápido", "lento"), ("alto", "baixo"), ("dia", "noite"), ("velho", "novo"), ("comprido", "curto"),
        ("primeiro", "último"), ("escuro", "claro"), ("cedo", "tarde"), ("bom", "mau"), ("grosso", "fino"), ("perto", "longe"),
        ("dentro", "fora"), ("fácil", "difícil"),
    )  # fmt: skip
    plurals = pairs(
        "bola/bolas pipa/pipas boneca/bonecas barquinho/barquinhos carrinho/carrinhos casaco/casacos gato/gatos pato/patos sapo/sapos "
        "casa/casas pera/peras maçã/maçãs irmã/irmãs mãe/mães mão/mãos irmão/irmãos pão/pães cão/cães leão/leões botão/botões avião/aviões "
        "balão/balões flor/flores cor/cores colher/colheres tambor/tambores mês/meses rapaz/rapazes voz/vozes luz/luzes animal/animais "
        "papel/papéis anel/anéis sol/sóis jardim/jardins trem/trens nuvem/nuvens homem/homens lápis/lápis ônibus/ônibus"
    )
    sequences = (
        (("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"), True),
        (("janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"), True),
        (tuple(map(str, range(1, 22))), False),
    )  # fmt: skip
    statements = (
        ("{n} está {p}.", "{n} não está {p}.", "{n} está {p}?"),
        ("{n} está {v} {p}.", "{n} não está {v} {p}.", "{n} está {v} {p}?"),
        ("{n} consegue ver {x.the}.", "{n} não consegue ver {x.the}.", "{n} consegue ver {x.the}?"),
        ("{n} tem {x.a}.", "{n} não tem {x.a}.", "{n} tem {x.a}?"),
        ("{n} quer {x.the}.", "{n} não quer {x.the}.", "{n} quer {x.the}?"),
        ("{n} gosta {x.of}.", "{n} não gosta {x.of}.", "{n} gosta {x.of}?"),
        ("{n} precisa {x.of}.", "{n} não precisa {x.of}.", "{n} precisa {x.of}?"),
    )  # fmt: skip
    wordings: ClassVar[dict[str, Wording]] = wordings(Path(__file__).with_name("portuguese.txt"))

    def form(self, thing: Thing, wanted: str) -> str:
        noun = thing.noun
        article = {
            "": "",
            "the": f"{noun.gender} ",
            "option": f"{noun.gender} ",
            "a": "uma " if noun.gender == "a" else "um ",
            "of": f"d{noun.gender} ",
            "by": f"pel{noun.gender} ",
        }[wanted]
        return f"{article}{noun.word} {thing.colour}".strip()

    def listed(self, things: Sequence[Thing]) -> str:
        *first, last = [self.form(thing, "a") for thing in things]
        return f"{', '.join(first)} e {last}"

    def negated(self, sentence: str) -> str:
        return re.sub(r"^(\S+) ", r"\1 não ", sentence)

    def asked(self, sentence: str) -> str:
        return sentence.removesuffix(".") + "?"

"""The Portuguese messages: word lists, minimal pairs, abbreviations; templates are in portuguese_ham and portuguese_spam."""

from . import portuguese_ham, portuguese_spam
from .grammar import Language, Pair, families

# No telephone has the area code 00; banks, shops and couriers do not exist.
WORDS = {
    "nome": "João|Ana|Pedro|Júlia|Caio|Marina|Davi|Bia|Lucas|Helena|Tiago|Rita|Rafael|Luísa|Miguel|Sofia|André"
    "|Camila|Felipe|Teresa|Gustavo|Larissa|Thaís|Murilo|Vinícius|Jussara|Renata|Igor|Bruna|Otávio|Simone|Wesley"
    "|Aline|Danilo",
    "o_nome": "o {ele}|a {ela}",
    "do_nome": "do {ele}|da {ela}",
    "ele": "João|Pedro|Caio|Davi|Lucas|Tiago|Rafael|Miguel|André|Felipe|Gustavo|Murilo|Vinícius|Igor|Otávio|Danilo",
    "ela": "Ana|Júlia|Marina|Bia|Helena|Rita|Luísa|Sofia|Camila|Teresa|Larissa|Thaís|Jussara|Renata|Bruna|Simone|Aline",
    "sobrenome": "Figueira|Nogueira|Amorim|Bezerra|Siqueira|Tavares|Menezes|Quintela|Dornelas|Bittencourt",
    "banco": "Banco Ipê Roxo|Banco Serra Azul|Credi Aroeira|Banco Jacarandá|Banco Vila Nova|Banco Mandacaru",
    "loja": "Andorinha Móveis|Mirabel|BoaCesta|Folha Verde|Livraria Fólio|Casa Tamanduá|Pé de Moleque Brinquedos"
    "|Tecebem",
    "entrega": "RapidoPac|VoaBox|Entrega Certa|Pombo Express|Via Pacote|Jabuti Log",
    "servico": "Telinha|Somzim|Papeia|Vejofilme|NuvemZap|Fotolé",
    "luz": "Luz do Vale|Águas da Serra|Gás Ipiranguinha|Rede Sabiá",
    "dia": "segunda|terça|quarta|quinta|sexta|sábado|domingo",
    "util": "segunda|terça|quarta|quinta|sexta",
    "no_util": "na segunda|na terça|na quarta|na quinta|na sexta",
    "no_dia": "na segunda|na terça|na quarta|na quinta|na sexta|no sábado|no domingo",
    "marcado": "{no_dia}|{no_dia}|{no_dia} que vem|amanhã",
    "quando": "{no_dia}|{no_dia}|amanhã|hoje à noite|amanhã cedo|no fim de semana|mais tarde|semana que vem"
    "|depois do almoço",
    "hora": "às 7h|às 8h30|às 9h15|às 10h|meio-dia|às 13h30|às 15h|às 16h20|às 18h|às 19h30|umas 8 da noite|lá pelas 5",
    "horario": "8h30|9h15|10h|10h45|11h20|13h10|14h|14h35|15h50|16h15|17h30",
    "faixa": "8h e 10h|9h30 e 11h30|10h e meio-dia|13h e 15h|14h e 16h|15h e 18h|16h30 e 18h30",
    "lugar": "no metrô|na biblioteca|no cinema|na padaria|lá em casa|na academia|no parque|no escritório"
    "|na rodoviária|no ponto de ônibus|na casa da vó|na feira|no museu|na praça|na quadra|na livraria|na praia"
    "|no clube|na pastelaria",
    "programa": "um café|um cinema|um almoço|uma caminhada|um churrasco|uma pizza|um sorvete|um açaí|um futebol"
    "|uma praia|um pastel|um show|uma trilha|um jogo de tabuleiro|um passeio de bike|uma cervejinha",
    "comida": "pão|leite|ovos|arroz|tomate|café|queijo|maçã|macarrão|cebola|feijão|banana|farinha|azeite|batata"
    "|manteiga|cenoura|alho|frango|iogurte|limão|couve|polvilho|goiabada|coco|mel|milho",
    "compra": "{comida}|{comida}|{comida}|{comida}|papel-toalha|sabão em pó|ração do gato|esponja|papel higiênico",
    "local": "na farmácia|no shopping|na loja da praça|no laboratório|na galeria do centro|no balcão da entrada"
    "|no mercado",
    "coisa": "o carregador|meu guarda-chuva|a chave do carro|o livro|a pasta azul|os ingressos|minha jaqueta|o fone"
    "|a forma de bolo|a barraca|a bola|meus óculos|a câmera|o saco de dormir|o violão|a canga|a chave reserva"
    "|a marmita|o adaptador|a caixinha de som",
    "ferramenta": "sua furadeira|sua escada|sua bomba de bicicleta|sua máquina de costura|sua panela grande"
    "|seu projetor|seu carrinho de mão|sua mesa dobrável|sua barraca|sua mala|seu fogareiro|seu afinador"
    "|sua lavadora de pressão",
    "parente": "mãe|pai|vó|vô|tia Vera|tio Zé",
    "o_parente": "a mãe|o pai|a vó|o vô|a tia Vera|o tio Zé",
    "pais": "mãe|pai|mãe|pai|vó|vô",
    "materia": "matemática|história|ciências|geografia|inglês|biologia|química|redação",
    "prato": "risoto|sopa|lasanha|feijoada|panqueca|estrogonofe|torta|omelete|moqueca|bolo de cenoura|pão de queijo"
    "|cuscuz",
    "o_artigo": "o casaco|a chaleira|a estante|a luminária|a mochila|o tapete|a torradeira|a cadeira|o quebra-cabeça"
    "|o liquidificador|o jogo de panelas|o capacete|o ferro de passar|a bicicleta infantil",
    "defeito": "o chuveiro|a máquina de lavar|a torneira da cozinha|o portão|a luz do banheiro|a geladeira|o fogão"
    "|o interfone|o ventilador|a descarga",
    "artigo": "casaco|chaleira|estante|luminária|capa de chuva|mochila|tapete|torradeira|cadeira|quebra-cabeça"
    "|liquidificador|jogo de panelas|capacete|ferro de passar",
    "premio": "um celular novo|uma viagem com acompanhante|um vale de R$ #50|R$ #.000 em dinheiro|um videogame"
    "|uma air fryer|uma moto elétrica|um ano de supermercado|um notebook|uma TV de 65 polegadas|um relógio de luxo"
    "|uma geladeira",
    "valor": "40|75|120|250|300|480|650|900|1.500|2.000|5.000",
    "pouco": "1,99|2,49|4,90|9,90|12,47|19,90",
    "muito": "5.000|12.000|25.000|80.000|250.000|1,5 milhão",
    "codigo": "####",
    "celular": "(00) 90000-####",
    "gratis": "0800 000 ####",
    "site": "[fotos|album|drive|docs|ingressos|mapas].example/[a|b|d|k|n]#[f|m|r|t]##",
    "link": "[ganhe|resgate|seguro|confirma|minha|ajuda|ja|rapido|facil|top|regulariza]-[agora|login|encomenda"
    "|brinde|cash|oferta|cadastro|id|pague|central].example[|/[a|c|k|q|x]#[b|d|h|z]#|/####|/ir]",
    "pressa": "hoje|agora|até meia-noite|em 24 horas|na próxima hora|sem demora|o quanto antes|até amanhã ao meio-dia",
    "acesse": "Toque em|Acesse|Abra|Entre em|Clique em",
    # Of the pairs.
    "abre": "|Oi, {nome}. |Lembre: |Oi de novo. |Para {nome}: |Como combinado: |Aviso: |Bom dia. |{nome}, ",
    "quem": "|Oi, {nome}. |Lembre: |{banco}: |{loja}: |{entrega}: |Para {nome}: |Como combinado: |Aviso: |Bom dia. ",
    "fecha": "| Obrigado.| Por favor.| Um abraço.| É isso.| É importante.| Até mais.| Qualquer dúvida, pergunte.",
    "mande": "mande|passe|dite|informe|envie|encaminhe|diga|mostre",
    "o_segredo": "o código|a senha|o token|o número do cartão|a chave de acesso|os seis dígitos|a frase secreta"
    "|o código de segurança|a contrassenha",
    "ligue": "ligue|telefone|escreva|mande e-mail|peça ajuda",
    "assunto": "o cartão novo|o reembolso|o pedido|a conta|a encomenda|o ingresso|a reserva|a reclamação|o contrato"
    "|o seguro",
    "historia": "cartão clonado|compra estranha|processo na polícia|dívida com a Receita|modem com defeito"
    "|multa atrasada|conta bloqueada|encomenda perdida|reembolso|vírus|Pix por engano",
    "obedeca": "pague|entre na conta|transfira o dinheiro|mova a poupança|leia {o_segredo}|instale o aplicativo"
    "|compartilhe a tela|abra o anexo|compre os cartões",
    "ve": "vê|visita|testa|examina|confere|experimenta",
    "o_bem": "o apartamento|o carro|a bicicleta|o sofá|o celular|o filhote|o piano|a câmera|o notebook|o violão"
    "|a moto|a casa de praia",
    "paga": "paga|paga o sinal|manda o dinheiro|transfere o valor|paga tudo|assina|faz o Pix|paga a metade",
    "acredite": "acredite|confie",
    "procurou": "escreveu|ligou|mandou áudio|falou|procurou você|mandou mensagem",
    "tema": "a herança|o empréstimo|o investimento|a encomenda|o prêmio|o visto|a vaga|as moedas|o reembolso|a dívida",
    "pessoa": "seu gerente|sua família|sua professora|sua irmã|seu advogado|um amigo|seu filho|sua contadora|seu chefe",
    "dor": "dor nas costas|diabetes|vista fraca|pressão alta|queda de cabelo|insônia|enxaqueca|dor no joelho|tosse",
    "ouca": "ouça|siga|consulte|procure|escute",
    "curandeiro": "nosso curandeiro|um vídeo|um coach da internet|o homem das gotas|nosso guru|os astros",
    "o_remedio": "o seu comprimido|a sua insulina|o seu xarope|o seu colírio|o seu antibiótico|a sua bombinha"
    "|o seu remédio",
    "o_milagre": "as gotas de ervas|o chá milagroso|o suco detox|a pulseira magnética|o pó emagrecedor|o mel dourado"
    "|a água de cristal",
    "sempre": "todo dia|de manhã|duas vezes ao dia|nas refeições|como sempre|daqui para a frente|no inverno",
    "canal": "número|perfil|contato|celular|chip",
    "meu": "meu|nosso|de confiança|seguro",
    "o_dinheiro": "o aluguel|o dinheiro|a mensalidade|o sinal|a mesada|o Pix",
    "bloqueie": "bloqueie|cancele|congele",
    "como": "pelo aplicativo|na agência|já|hoje à noite|por conta própria",
    "o_curso": "o curso|o uniforme|o notebook|o visto|a passagem|o kit inicial|o certificado|o exame médico|o crachá",
    "doe": "doe|dê|mande dinheiro|mande roupas",
    "a_causa": "o abrigo de animais|o banco de alimentos|o hospital|a escola|os bombeiros|a campanha da enchente"
    "|a paróquia|o lar dos idosos",
    "aborda": "escreve para você|bate à sua porta|liga para você|manda áudio|acha você na internet",
}

PAIRS = (
    Pair(
        "hard-pair-code",
        "{quem}sobre {assunto}: não {mande} {o_segredo} para ninguém, {ligue} para nós.{fecha}",
        "{quem}sobre {assunto}: {mande} {o_segredo} para nós, não {ligue} para ninguém.{fecha}",
    ),
    Pair(
        "hard-pair-hang-up",
        "{quem}quando falarem de {historia}, desligue e não {obedeca}.{fecha}",
        "{quem}quando falarem de {historia}, {obedeca} e não desligue.{fecha}",
    ),
    Pair(
        "hard-pair-first",
        "{abre}primeiro você {ve} {o_bem}, depois {paga}.{fecha}",
        "{abre}primeiro você {paga}, depois {ve} {o_bem}.{fecha}",
    ),
    Pair(
        "hard-pair-talk",
        "{abre}não {acredite} em quem {procurou} sobre {tema}, {acredite} em {pessoa}.{fecha}",
        "{abre}{acredite} em quem {procurou} sobre {tema}, não {acredite} em {pessoa}.{fecha}",
    ),
    Pair(
        "hard-pair-doctor",
        "{abre}para {dor}, {ouca} o seu médico, não {curandeiro}.{fecha}",
        "{abre}para {dor}, {ouca} {curandeiro}, não o seu médico.{fecha}",
    ),
    Pair(
        "hard-pair-medicine",
        "{abre}use {o_remedio} {sempre} e largue {o_milagre}.{fecha}",
        "{abre}use {o_milagre} {sempre} e largue {o_remedio}.{fecha}",
    ),
    Pair(
        "hard-pair-number",
        "Oi, {pais}, o {canal} novo não é {meu}, manda {o_dinheiro} pelo antigo.{fecha}",
        "Oi, {pais}, o {canal} antigo não é {meu}, manda {o_dinheiro} pelo novo.{fecha}",
    ),
    Pair(
        "hard-pair-block",
        "{quem}{bloqueie} o cartão {como}, não {mande} {o_segredo} a quem ligou.{fecha}",
        "{quem}{mande} {o_segredo} a quem ligou, não {bloqueie} o cartão {como}.{fecha}",
    ),
    Pair(
        "hard-pair-training",
        "{quem}quem paga {o_curso} é a empresa, não você.{fecha}",
        "{quem}quem paga {o_curso} é você, não a empresa.{fecha}",
    ),
    Pair(
        "hard-pair-cause",
        "{abre}se quer ajudar, {doe} para {a_causa}, não para quem {aborda}.{fecha}",
        "{abre}se quer ajudar, {doe} para quem {aborda}, não para {a_causa}.{fecha}",
    ),
)

ABBREVIATIONS = {
    "você": "vc",
    "vocês": "vcs",
    "também": "tb",
    "não": "n",
    "para o": "pro",
    "para a": "pra",
    "para": "pra",
    "por favor": "pfv",
    "quando": "qdo",
    "que": "q",
    "porque": "pq",
    "hoje": "hj",
    "beijo": "bj",
    "depois": "dps",
    "mensagem": "msg",
    "obrigado": "obg",
    "está": "tá",
    "estou": "tô",
    "muito": "mto",
    "minutos": "min",
    "fim de semana": "fds",
    "com": "c/",
}

EMOJI = ("😊", "🙏", "👍", "❤️", "😘", "🙂", ":)", "😅", "🎉", "👋", "✨", "😉", "🙌")

PORTUGUESE = Language(
    families=families(portuguese_ham.CHAT, portuguese_ham.FORMAL, "ham", portuguese_ham.UNSEEN)
    + families(portuguese_spam.CHAT, portuguese_spam.FORMAL, "spam", portuguese_spam.UNSEEN),
    pairs=PAIRS,
    words=WORDS,
    proper=("nome", "ele", "ela", "sobrenome", "banco", "loja", "entrega", "servico", "luz"),
    abbreviations=ABBREVIATIONS,
    emoji=EMOJI,
)

"""Portuguese messages that one wants to get: templates by kind."""

CHAT = {
    "meet-up": (
        "[Oi|E aí|Olá|Bom dia], {nome}, [tá de pé|bora marcar|topa|tá livre para] {programa} {quando}? [Me avisa.|Te"
        " encontro {lugar}.|Chama {o_nome} também.|Se não der, tranquilo.|]",
        "[Eu animo|Tô dentro para|Que tal] {programa} {quando}, [mas só depois das 7|se não chover|rapidinho]?"
        " [Reservo?|Me diz a hora.|Vou chamar {o_nome}.]",
        "[A gente já tá|{nome} e eu estamos|Metade da turma tá] {lugar}, [acabamos de chegar|ficamos até tarde|tem"
        " lugar para você]. [Vem!|Cola aqui!|Tá por perto?|Esqueceu da gente?]",
    ),
    "running-late": (
        "[Vou me atrasar|Vou chegar tarde|Chego em 10 minutos|Tô saindo agora], [pode começar sem mim|guarda um"
        " lugar|me espera {lugar}|pede um suco para mim]. [O trânsito tá parado.|Foi mal!|Não achei {coisa}.|Perdi o"
        " ônibus.|O metrô parou no meio do túnel.]",
        "[Preso|Ainda tô] [{lugar}|no ônibus|no carro|na fila], [chego|tô em casa|te vejo] [{hora}|em 20 minutos|já"
        " já]. [Desculpa!|Não espera para comer.|Consegue buscar {o_nome}?|Deixa {coisa} na mesa, tá?]",
    ),
    "shopping-list": (
        "[Compra|Traz|Pega|Dá para trazer] {compra}, {compra} e {compra} [na volta|depois do trabalho|quando"
        " sair][?|, por favor?] [Esqueci.|Obrigada, amor.|A lista tá na geladeira.|Só isso mesmo.|]",
        "Acabou {compra} [de novo|aqui em casa|e {compra}]. [Passo no mercado depois.|Sua vez de ir!|Ainda tem"
        " {compra}?|Falta mais alguma coisa?|O mercado fecha cedo hoje.]",
        "Tô no mercado, [não tem {compra}|{compra} tá em promoção|não acho {compra}]. [Levo {compra} no"
        " lugar?|Quanto precisa?|Pode ser {compra}?|Me liga rapidinho.]",
    ),
    "homework": (
        "[Você fez|Já terminou|Entendeu|Conseguiu fazer] [o trabalho|a lista|a lição|o resumo] de {materia}? [Travei"
        " na questão #.|É para {dia}.|{o_nome} disse que é fácil.|Me mostra como começou?|A página ## não faz"
        " sentido.]",
        "[A prova|O teste|O seminário] de {materia} [é {marcado}|passou para {dia}|é só do capítulo #], [calma|dá"
        " para estudar junto|perguntei para {o_nome}]. [Aqui em casa {hora}?|Tenho o caderno.|Traz o livro.|]",
    ),
    "work-meeting": (
        "[Podemos passar|Dá para mudar|Vamos jogar|Queria passar] [a reunião|a call|a revisão|a entrevista] para"
        " {dia} {hora}? [O relatório não ficou pronto.|{o_nome} tá fora.|A sala tá ocupada.|Tenho dentista.|O"
        " cliente pediu.]",
        "[A ata|O material|O resumo] [da reunião|da oficina|do treinamento] [tá na pasta da equipe|foi para o seu"
        " e-mail|chega {quando}]. [O ponto 3 é {do_nome}.|Olha a página #, por favor.|Comentários até"
        " {dia}.|Qualquer correção, me fala.]",
        "Você consegue [cobrir|pegar|trocar] meu turno {quando}? [{o_nome} não pode.|Faço o seu {no_dia}.|É só até"
        " meio-dia.|Meu filho tá com febre.] [Fico te devendo.|A chefe deixou.|]",
    ),
    "office-life": (
        "[A impressora|A cafeteira|O elevador|O projetor] [do segundo andar|da copa|da sala ###] [quebrou de"
        " novo|não funciona desde {dia}]. [Já chamei {o_nome}.|Usa a outra sala.|Vem alguém {quando}.|Dá um tapinha"
        " que volta.]",
        "Tem [bolo|fruta|pizza que sobrou|uma caixa de bombom|pão de queijo] na copa, [aniversário {do_nome}|quem"
        " chegar primeiro leva|o cliente mandou]. [Corre!|Deixa um pedaço para {o_nome}.|Os pratos estão no"
        " armário.]",
    ),
    "birthday": (
        "[Feliz aniversário|Parabéns|Muitas felicidades], {nome}! [Um beijo de todos nós.|Bolo {lugar} {quando}?|Te"
        " vejo {quando}, tenho um presentinho.|Aproveita muito o dia.] [Não trabalha demais!|Abraço, {nome}.|Como é"
        " ficar mais velho?|]",
        "É aniversário {do_nome} {marcado}, [vamos|bora|pensei em] [fazer um bolo|comprar um presente juntos|cantar"
        " parabéns {lugar}|acordar cedo]? [Não conta nada!|Levo a vela.|{o_nome} topou.]",
    ),
    "family-news": (
        "{o_parente} [agradece|amou|não para de falar] [as flores|as fotos|a ligação|a visita]. [Ganhou o dia.|A rua"
        " inteira já sabe.|Liga de novo {quando}.|Colou na geladeira.] [Tudo bem por aqui.|Beijo, {nome}.|]",
        "[O neném|O filho {do_nome}|Nosso sobrinho] [tem o primeiro dente|deu uma gargalhada|dormiu a noite"
        " toda|andou até o sofá] [hoje|enfim|ontem]! [Já mando foto.|{o_parente} chorou.|A gente tá morto e"
        " feliz.|Que orgulho.]",
        "[Chegamos bem|Já em casa|Viagem tranquila], [a casa tá um gelo|{o_parente} fez {prato}|as crianças"
        " dormiram|esquecemos {coisa}]. [Amanhã conto mais.|Beijo em todos.|Boa noite!]",
        "[O neném|O filho {do_nome}|Nosso sobrinho] falou [a primeira palavra|uma frase inteira] [hoje|enfim|ontem],"
        " [foi sobre {comida}|{o_parente} jura que foi {comida}|e agora não para]! [{o_parente} chorou.|Que"
        " orgulho.|Liga para a gente {quando}.]",
    ),
    "pets": (
        "[Seu gato|Seu cachorro|Sua coelha] tá [dormindo em cima|brincando em cima|roendo a ponta|se escondendo"
        " embaixo] [do sofá|da mala|do tapete|da mochila {do_nome}]. [Nem tive coragem de mexer.|Já mando foto.|Quer"
        " que eu tire?|Que fofura.] [Tudo certo aqui.|Boa viagem.|Já comeu, {hora}.|]",
        "[Você pode|Consegue|Dá para] dar comida [para a gata|para os peixes|para o hamster|para as galinhas]"
        " {quando}? [A gente tá {lugar}.|A ração fica no pote azul.|{o_nome} tem a chave.|É uma colher só, não cai"
        " na conversa.] [Te trago [flores|mel|chocolate|goiabada].|]",
    ),
    "evening-for-two": (
        "[Amei|Não paro de sorrir com|Obrigado por] [ontem|nosso passeio|o filme|aquele jantar]. [Repete"
        " {quando}?|{coisa} ficou comigo.|Da próxima eu faço {prato}.|Agora é minha vez de pagar.] [Dorme bem.|Já tô"
        " com saudade.|Beijo.]",
        "[Mesa para dois|Dois lugares|Ingressos comprados] [{hora}|{marcado}|perto da janela], [não se atrasa|vai"
        " com a verde|você escolhe a sobremesa|te espero {lugar}]. [Não vejo a hora.|Te amo.|Adivinha onde.]",
    ),
    "on-the-way": (
        "[Meu ônibus|O metrô|A balsa|Nosso voo] [atrasou ## minutos|saiu na hora|tá lotado|parou no meio do nada]."
        " [Chego {hora}.|Não sai ainda.|{o_nome} veio do meu lado.|Pelo menos tem café.|Pego um táxi.]",
        "[Você me busca|Consegue buscar {o_nome}|Dá para pegar a gente] {lugar} {marcado}? [Mais ou menos"
        " {hora}.|São três malas.|Tô com #% de bateria.|Meu carro não pega.] [Valeu!|]",
    ),
    "sport": (
        "[O treino|A pelada|A corrida|A ioga] é {hora} {marcado}, [ficamos com o salão pequeno|leva água|{o_nome}"
        " comanda|não atrasa]. [Avisa o pessoal.|Quem dá carona?|Até lá.|Espalha aí.]",
        "Que [jogo|partida|final]! [{o_nome} fez dois gols.|Perdemos de # a 0.|Meu joelho tá doendo.|Que golaço no"
        " fim!] [Cerveja {lugar}?|{dia} tem mais?|Só quero minha cama.|Você filmou?]",
        "Não vai ter [treino|pelada|corrida|ioga] {quando}, [a quadra alagou|{o_nome} tá doente|ficamos sem salão de"
        " novo|é feriado]. [Avisa o pessoal.|Fica para a próxima.|Que pena!|Espalha aí.]",
    ),
    "cooking": (
        "[Quanto tempo|Qual a temperatura|Quanto sal|Quantos ovos] [vai no seu|no seu] {prato}? [Parece que"
        " murchou.|{o_nome} vem comer.|Só tenho {comida}.|O forno já tá quente.] [Corre!|Socorro.|]",
        "Fiz {prato} [com {comida}|sem {comida}|da receita da vó], [vem comer|tem bastante|ficou com gosto de"
        " sabão|até {o_nome} repetiu]. [Traz {comida}.|Fica pronto {hora}.|Congelo o resto.|]",
    ),
    "films-and-books": (
        "[Você viu|Já leu|Conhece] [aquele filme|aquele livro|a série] [do farol|das duas irmãs|do cachorro"
        " perdido|da ilha|dos ladrões de banco]? [{o_nome} amou.|Chorei no fim.|Não me conta o final.|Tem no"
        " {servico}.]",
        "Tô [na página ###|no episódio #|no último capítulo] e [não consigo parar|é muito lento|já sei quem foi|não"
        " suporto a tia]. [Você tinha razão.|Quer depois de mim?|Conversamos {quando}?]",
    ),
    "lost-things": (
        "Esqueci {coisa} [na sua casa|{lugar}|no seu carro]? [Não acho de jeito nenhum.|Ontem ainda estava"
        " comigo.|Dá uma olhada, por favor.] [É azul.|Será que caiu no sofá?|Sem pressa.|]",
        "Achei [um molho de chaves|uma luva|um sapatinho de criança|uma carteira|um gato sem coleira] {lugar}. [É"
        " seu?|Deixei com {o_nome}.|Alguém perdeu?|Tá pendurado na grade.] [Apto ##.|Avisa no grupo.|]",
    ),
    "repairs": (
        "{defeito} [tá com problema|voltou a fazer aquele barulho|pifou|não funciona]. [O técnico vem"
        " {quando}.|{o_nome} deu uma olhada.|Chamamos alguém?|Desmontei tudo.] [Não usa.|Você fica em casa"
        " {marcado}?|Vamos torcer.|]",
        "Me empresta {ferramenta} {marcado}? [Vou arrumar {defeito}.|O de casa tá com {o_nome}.|Devolvo"
        " {marcado}.|Estamos pintando a sala.] [Passo aí {hora}.|Levo [cerveja|bolo|um pote de geleia] de"
        " presente.|]",
        "{defeito} voltou a funcionar, [era só o fusível|{o_nome} é um gênio|nem pergunta como|R$ ## e dez minutos]."
        " [Acabou o banho frio!|Dá para desmarcar {dia}.|Tô orgulhosa.|Testa aí.]",
    ),
    "neighbours": (
        "[O lixo|A reciclagem|O sofá velho|O entulho] [precisa sair|sai|vai para fora] {no_dia}, [só para"
        " avisar|preciso de uma mão|o caminhão passa cedo]. [Obrigada, apto ##.|{nome} do 3º andar.|Desculpa o"
        " bilhete.]",
        "Vamos ter [amigos|o coral|a festa {do_nome}|pedreiro] em casa {quando}, [pode ter barulho|vai até umas"
        " dez|já peço desculpa]. [Aparece!|Se incomodar, bate na porta.|Vai ter {prato}.]",
    ),
    "thanks": (
        "[Obrigada|Muito obrigada|Valeu demais] [pelo empréstimo|pelas fotos|pela carona|pela ajuda {no_dia}|por me"
        " ouvir|pelo {prato}]. [Salvou meu dia.|A próxima é por minha conta.|Te devo {programa}.|{o_nome} manda um"
        " abraço.] [Beijo.|]",
        "[Desculpa|Foi mal|Me perdoa] por [ontem|aquilo que falei|ter sumido|{dia}], [eu tava cansado|eu errei|não"
        " era com você|eu devia ter ligado]. [Amigos?|Conversamos {quando}?|Levo {prato}.]",
    ),
    "weather": (
        "[Tá caindo o mundo|Que frio|Que calor|Que temporal] aqui, [o quintal virou lago|não teve aula|não consigo"
        " dormir|{o_nome} tá adorando]. [E aí?|Leva {coisa}.|Fica na cama.|Abriu alguma coisa {lugar}?]",
        "Se [chover|abrir o sol|esquentar demais] {quando}, a gente [se vê {lugar}|fica em casa|vai de carro|deixa"
        " para outro dia]. [Beleza?|Avisa {o_nome}.|Leva {coisa} mesmo assim.]",
    ),
    "barbecue": (
        "Churrasco {marcado} [na laje|lá em casa|no sítio {do_nome}]: [eu levo a carne|cada um leva uma coisa|o"
        " carvão é comigo], [traz {comida}|só falta {comida}|chega cedo]. [Tem piscina.|Pode levar as"
        " crianças.|Começa {hora}.|]",
        "[A festa junina|O almoço de domingo|A roda de samba] [vai ser|passou para|começa] {quando}, [{o_parente}"
        " faz {prato}|cada um leva um prato|tem fogueira]. [Vem de xadrez!|Confirma até {dia}.|{o_nome} toca"
        " violão.]",
    ),
    "shared-car": (
        "[Alguém|Quem] vai de carro para [o sítio|o festival|o casamento|a praia] {marcado}? [Sobram dois lugares"
        " aqui.|Ajudo na gasolina.|{o_nome} enjoa no banco de trás.|Levo {comida}.] [Saímos {hora}.|Ida e volta.|]",
    ),
    "hard-scam-joke": (
        '[Kkk|Gente|Olha só], recebi [mais uma daquelas de|de novo a mensagem de|a famosa] ["você ganhou um'
        ' prêmio"|"resgate seu celular grátis"|"urgente, sua conta foi bloqueada"|"pague a taxa da encomenda"|"seu'
        ' CPF está irregular"|"ganhe R$ {valor} por dia"|"oi mãe, troquei de número"]. [Quem cai nisso?|É a décima'
        " da semana.|Foi direto para o lixo.|Essa vinha até com coração.|{o_nome} também recebe.]",
        "{nome}, você GANHOU... o direito de [lavar a louça|passear com o cachorro|limpar o quintal|carregar"
        " {coisa}] {quando}! [Resgate já.|Sem prêmio, desculpa.|Consulte o regulamento, kkk.|Responda SIM ou SIM.]",
        "Se mais um [príncipe|sorteio|médico solitário|guru de cripto|tigrinho] me escrever, eu [vou morar no"
        " mato|jogo o celular no rio|respondo com a receita de {prato}]. [Você recebe isso?|Já são sete desde"
        " {dia}.|Como é que me acham?]",
    ),
    "hard-friend-warns": (
        "Cuidado, tem [mensagem|ligação|e-mail] em nome [da {entrega}|do {banco}|da Receita|do INSS|de uma loteria]"
        " circulando: [não clica|não paga|não responde|não passa seus dados]. [Avisa {o_parente}.|É golpe.|{o_nome}"
        " quase perdeu R$ {valor}.|O link parece de verdade.]",
        "Não fui eu pedindo [Pix|código|dinheiro|os dados da sua conta], [clonaram meu WhatsApp|estão usando minha"
        " foto|apaga essa conversa]. [Na dúvida me liga.|Avisa {o_nome}, por favor.|Mil desculpas.|Meu número"
        " continua o mesmo.]",
    ),
    "hard-real-win": (
        "Ganhamos mesmo [o quiz|a rifa da escola|o concurso de fotos|o bingo da paróquia|a gincana]! O prêmio é [um"
        " bolo|um fim de semana no lago|R$ 100 para dividir|sorvete grátis|uma cesta de café], [{o_nome} leva|a"
        " gente divide|vem comemorar] {quando}.",
        "[O reembolso de R$ {valor} da {loja}|O depósito de R$ {valor} do apartamento|A restituição de R$ {valor}|O"
        " dinheiro do curso cancelado] caiu, [você tinha razão em insistir|levou meses|nem acredito]. [{no_dia} a"
        " rodada é minha.|Obrigado!|Já te passo a sua metade.]",
    ),
    "hard-friend-link": (
        "[Aqui estão|Subi|Enfim] as fotos [de {dia}|da festa|do neném|da praia]: {site} [A senha é o nome do"
        " cachorro.|A do chapéu ficou ótima.|Quais eu imprimo?|{o_nome} parece artista de cinema.]",
        "[Me inscrevi|Comprei|Reservei] aqui, {site}, saiu [de graça|pela metade do preço|barato] com a carteirinha"
        " [de estudante|do clube|do sindicato]. [Só se você precisar de {artigo}, claro.|Sem pressa.|Pergunta para"
        " {o_nome}, que já tem.|O nosso tá ótimo.]",
        "[O mapa|O cardápio|A divisão dos quartos|A lista de músicas] [de {dia}|da viagem|da festa] tá em {site},"
        " [põe lá o que você leva|me diz o que acha|não precisa de senha]. [Até lá.|{o_nome} que desenhou.|]",
    ),
    "hard-shared-bill": (
        "Deu R$ ## para cada um [da pizza|do churrasco|do táxi|dos ingressos] [de {dia}|de ontem], [faz o Pix na"
        " chave de sempre|pode ser em dinheiro|sem pressa]. [Valeu a pena!|{o_nome} já pagou.|Sua irmã querida.]",
        "[Estamos juntando|Tô juntando] R$ [5|10|15|20] de cada um para [a despedida {do_nome}|as flores|o bolo|o"
        " presente da professora], [traz {no_dia}|a caixinha tá na minha mesa|vale moeda]. [Assina o cartão"
        " também.|Obrigada, gente.|Só se puder.]",
    ),
    "hard-urgent": (
        "URGENTE, me liga, [{o_parente} foi para o hospital|fiquei trancado para fora|a escola telefonou|estourou um"
        " cano|não acho {o_nome}], tô {lugar}. [Ou liga para {o_parente}.|No meu número de sempre.|Traz a chave"
        " reserva.|]",
        "[Última chance|Só hoje|Corre]: [a peça {do_nome} é {hora}|o bolo de [fubá|laranja|milho] tá acabando|abriu"
        " um solzão|a padaria tá dando [sonho|pão de mel|pão quentinho]], [vem para cá|larga o serviço|traz as"
        " crianças]! [A gente espera.|Não perde!]",
    ),
    "hard-old-number": (
        "Oi, {parente}, meu celular [caiu na água|tá no conserto|quebrou a tela|tá sem bateria], então [não estranha"
        " se eu não responder|liga no fixo|qualquer coisa liga para {o_nome}]. [Volto {quando}.|O número é o de"
        " sempre.|Não preciso de nada.|Te vejo no jantar.]",
        "[Peguei o celular de volta|O celular novo tá funcionando], [o número é o antigo|mesmo número|não perdi foto"
        " nenhuma]. [Você tá em casa {marcado}?|Me ajuda a configurar?|Pode escrever como sempre.|Passo aí {hora}.]",
    ),
}

FORMAL = {
    "school-notice": (
        "[#º ano|Turma #B|Secretaria da escola]: [a reunião de pais|a peça de teatro|a aula de natação|o passeio ao"
        " museu|a feira de ciências] é {no_util}, às {horario}. [Pedimos pontualidade.|Traga lanche.|Encontro no"
        " pátio.|Uniforme completo.|Buscar os alunos às {horario}.]",
        "Senhores pais, [não haverá aula|a cantina estará fechada|o ônibus sai mais cedo|haverá fotos da turma]"
        " {no_util}. [Contamos com a compreensão.|A secretaria abre até as {horario}.|Lanche de casa é"
        " bem-vindo.|Agradecemos a atenção.]",
    ),
    "appointment": (
        "Lembrete: sua [consulta|avaliação|vacina|sessão] com [a Dra.|o Dr.] {sobrenome} é {no_util}, às {horario}."
        " [Responda 1 para confirmar, 2 para cancelar.|Se não puder vir, ligue para a clínica.|Traga seus"
        " exames.|Traga a carteirinha.|Chegue com 15 minutos de antecedência.]",
        "[O posto de saúde|O veterinário|A ótica|O salão] [espera você|remarcou seu horário|tem uma vaga para você]"
        " {no_util}, às {horario}. [Se não puder, avise.|Responda C para cancelar.|Será um prazer.|Estacionamento"
        " nos fundos.]",
    ),
    "ready-to-collect": (
        "[Seus óculos estão prontos|Sua receita está pronta|Seu exame está pronto|Seu celular foi consertado|Suas"
        " roupas estão prontas] para retirada {local}. [Aberto até as {horario}.|Traga esta mensagem.|Não precisa"
        " marcar.|Fechado {no_util}.|Traga o comprovante.]",
        "{loja}: seu pedido de {artigo} [chegou|está pronto|espera no balcão]. [Guardamos até {util}.|Traga o número"
        " do pedido.|Abrimos às {horario}.|Já está pago, obrigado.]",
    ),
    "login-code": (
        "{codigo}{codigo} é [o seu|seu] código de [acesso|verificação|entrada|confirmação|segurança|uso único] do"
        " {servico}. [Vale por 10 minutos.|Não compartilhe.|Nunca vamos pedir este código.|Não foi você?"
        " Ignore.|Digite onde você começou.|Válido até as {horario}.][ Aparelho: [celular|tablet|notebook].| Pedido"
        " [no aplicativo|no site|na TV].|]",
        "[Use|Digite|Informe no aplicativo] {codigo}{codigo} para [entrar no|liberar o novo aparelho no|concluir a"
        " compra pelo|redefinir o acesso ao] {banco}. [Não passe este código a ninguém, nem a nós.|Se não foi você,"
        " abra o aplicativo.|Vale uma vez, por cinco minutos.|Nossa equipe nunca pede este código.|Guarde só para"
        " você.]",
    ),
    "real-delivery": (
        "{entrega}: [sua encomenda|seu pedido|sua compra] da {loja} chega {no_dia}, entre {faixa}. [Não precisa"
        " fazer nada.|Sem ninguém em casa? Deixamos na portaria.|Acompanhe pelo aplicativo.|O entregador é"
        " {o_nome}.|Não há nada a pagar.]",
        "[Seu pedido|Seu pedido de {artigo}] [saiu da loja|está a caminho|foi entregue a {nome} na portaria|está no"
        " armário do condomínio]. Obrigado por comprar na {loja}! [Detalhes na sua conta.|Troca grátis por 30"
        " dias.|Aproveite.|]",
    ),
    "real-bank": (
        "{banco}: [compra no débito|compra no crédito|Pix enviado|débito automático] de R$ {valor}, {loja}, {dia}."
        " [Não foi você? Abra o aplicativo e bloqueie o cartão.|Seu saldo está no aplicativo.|Não é preciso fazer"
        " nada.|Dúvidas? Ligue no número do verso do cartão.]",
        "{banco}: [sua fatura|seu extrato|seu informe de rendimentos] já [está|pode ser consultado] no aplicativo."
        " [Entre como sempre.|Não é preciso fazer nada.|Traga um documento.|Nunca mandamos links.|A agência abre às"
        " {horario}.]",
        "{banco}: seu [cartão novo [foi enviado {no_dia}|está na sua agência|já está ativo]|endereço foi alterado"
        " como você pediu|limite foi alterado como você pediu|agendamento foi cancelado como você pediu]. [Confira"
        " no aplicativo.|Não é preciso fazer nada.|Dúvidas? Ligue no número do verso do cartão.|Nunca mandamos"
        " links.]",
    ),
    "library": (
        "Biblioteca: [o livro|o filme|o atlas|o jogo] que você reservou [chegou|foi devolvido|está à sua espera]."
        " [Guardamos até {util}.|Procure o balcão.|Traga a carteirinha.|Aberto até as {horario}.|A sala de leitura"
        " também abre {no_util}.]",
        "Biblioteca: [# livros vencem|um livro vence] {no_util}. [Renove no aplicativo ou no balcão.|Tem gente na"
        " fila por ele.|A caixa de devolução fica aberta à noite.|Ainda não há multa.][ Boa leitura.| Bom estudo.|"
        " Abrimos às {horario}.|]",
    ),
    "building-notice": (
        "[Síndico|Administração|Portaria]: [vai faltar água|vai faltar luz|o elevador estará em manutenção|o gás"
        " será desligado] {no_util}, entre {faixa}. [Desculpem o transtorno.|Agradecemos a compreensão.|Avisem os"
        " vizinhos.|Programem-se.|Quem tem bebê ou doente em casa, avise a portaria.]",
        "[A dedetização|A limpeza da caixa-d'água|O jardineiro|A leitura do gás] [vem|passa no prédio|começa]"
        " {no_util}, a partir das {horario}. [Deixem o portão aberto.|Não há nada a pagar.|Tirem as bicicletas.|Não"
        " é preciso estar em casa.]",
    ),
    "club": (
        "[Coral|Clube do livro|Xadrez|Horta comunitária]: [encontro|ensaio|reunião|mutirão] {no_util}, às {horario},"
        " [no salão|na praça|na biblioteca|na sala #]. [Gente nova é bem-vinda.|Traga sua caneca.|A chave está com"
        " {o_nome}.|Precisamos carregar cadeiras.]",
        "[Sua aula|A hidroginástica|A cerâmica|A turma de iniciantes] de {util} [foi cancelada|passou para as"
        " {horario}|tem vaga para você|será com {o_nome}]. [Desculpe o aviso em cima da hora.|Dúvidas, fale na"
        " recepção.|Avise os colegas.|Seu crédito continua valendo.]",
    ),
    "health-campaign": (
        "[Posto de saúde|UBS do bairro|Prefeitura]: [vacina da gripe|vacina do sarampo|mutirão da visão|coleta de"
        " sangue] {no_util}, das 8h às [14h|16h|17h]. [Traga o cartão do SUS.|É por ordem de chegada.|Não precisa"
        " agendar.|Crianças com os pais.|Gestantes têm preferência.]",
    ),
    "residents-meeting": (
        "Assembleia do condomínio sobre [a linha de ônibus|o parquinho|a faixa de pedestres|o barulho] {no_util}, às"
        " {horario}. [Lista de assinaturas só no papel.|{o_nome} fala primeiro.|Crianças são bem-vindas.|Café e bolo"
        " depois.]",
    ),
    "polling-station": (
        "[Sua seção eleitoral|Seu local de votação] [fica|agora é] [na escola estadual|no ginásio|no salão"
        " paroquial|na faculdade], com entrada [pela rua de trás|pelo portão azul|pela quadra]. [Leve documento com"
        " foto.|Não precisa do título.|Rampa na porta lateral.|Aberto até as 17h.]",
    ),
    "hard-fraud-class": (
        "[Palestra|Roda de conversa|Oficina] sobre golpes {no_util}, às {horario}, [na biblioteca|no salão"
        " paroquial|na escola|no posto de saúde]: traga [um boleto falso|uma carta de prêmio|aquela mensagem de"
        ' "conta bloqueada"|o link de um falso brinde] que você recebeu. [A gente olha, ninguém clica.|Não precisa'
        " de senha.|Café e bolo grátis.|Não se ganha nada, se aprende muito.|Avós são bem-vindos.]",
    ),
    "hard-bank-warning": (
        "{banco}: nunca pedimos [senha|token|número do cartão|código completo|foto do cartão] [por telefone|por"
        " mensagem|por e-mail|por SMS|pelo WhatsApp]. [Se alguém pedir, desligue.|Apague mensagens assim.|Ligue no"
        " número do verso do cartão.|Ninguém precisa mover dinheiro para ficar seguro.]",
        "[Seu banco|A Receita|O INSS|A polícia|{luz}] nunca vai [mandar link para entrar na conta|pedir"
        " cartão-presente|buscar seu cartão|oferecer reembolso por mensagem|ameaçar prender você|pedir Pix para"
        " liberar benefício]. [Desligue e retorne você.|Não responda, não clique.|Fale antes com alguém de"
        " confiança.|Pressão e urgência são sinal de golpe.]",
    ),
}

UNSEEN = ("residents-meeting", "polling-station", "hard-fraud-class")

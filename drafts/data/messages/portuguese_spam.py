"""Portuguese messages that one wants to be spared: templates by kind."""

CHAT = {
    "fake-family": (
        "Oi, {pais}, [quebrei meu celular|esse é meu número novo|meu celular velho morreu], [paga um boleto para"
        " mim?|preciso de R$ {valor} hoje.|faz um Pix para mim?] [Te devolvo {quando}.|Meu aplicativo do banco não"
        " abre.|É para [o aluguel|a escola|o conserto|o remédio].|Já mando a chave.]",
        "{pais}, sou eu, [não liga que o áudio tá ruim|tô num aperto|agora não posso falar]. [Preciso de|Me"
        " empresta|Manda] R$ {valor} [para o conserto|para um celular novo|ainda hoje|nessa chave aqui]. [Depois"
        " explico.|{quando} te devolvo.|É urgente.]",
    ),
    "job-offer": (
        "[Ganhe|Fature|Receba] R$ {valor} por [dia|semana|fim de semana] [em casa|no sofá|pelo celular], [sem"
        " experiência|duas horas por dia|comece já|só curtindo vídeos]. [Chame {celular}|Responda VAGA|Fale com"
        " {o_nome} no {celular}|Entre em {link}].",
        "Aqui é {nome}, do RH da {loja}. [Vimos seu perfil|Você foi indicado|Restam # vagas]: [R$ {valor} por"
        " dia|horário flexível|pago toda noite por Pix]. [Me chama no {celular}|O treinamento custa R$ 30,"
        " {link}|Mande RG, CPF e dados do banco].",
    ),
    "crypto": (
        "[Meu mentor|Este robô|Nosso grupo|Um truque simples] transformou R$ {valor} em R$ {muito} [em uma"
        " semana|dormindo|em ## dias]. [Entre grátis|Últimas vagas|Aprenda|Pergunte para {o_nome}]: {link}",
        "[O bitcoin|Uma moeda nova|Este token] [vai explodir|sobe dez vezes|dispara] {quando}, [quem é de dentro já"
        " sabe|nosso grupo de sinais garante|{nome}, do grupo VIP, ensina]. [Comece com R$ {valor}|Deposite"
        " {pressa}|Risco zero]: {link}",
    ),
    "romance": (
        "Oi, [querido|lindo|gato|coração solitário], [vi sua foto|achei seu perfil|moro pertinho] e [não paro de"
        " pensar em você|acho que a gente combina|quero te conhecer {quando}]. [Me escreve|Mais fotos|Meu chat"
        " privado|Fala comigo] em {link}",
        "[Sou|Me chamo] {ela}, [## anos, solteira|enfermeira no exterior|viúva de coração quente], [procuro amor de"
        " verdade|cansada de ficar só|seu sorriso me pegou]. [Me responde no {celular}|Veja minhas fotos: {link}|Só"
        " homem sério, {link}].",
    ),
    "stock-tips": (
        "[Professor|Coach|Analista] {sobrenome} [revela|entrega|libera] [três ações|a carteira dele|o método] que"
        " [vai dobrar|não tem como cair|os bancos escondem]. [Grupo grátis|Fale com a assistente|Entre {pressa}]:"
        " {link}",
        "[Membros|Nossos alunos|Assinantes] lucraram ###% [mês passado|desde {dia}|numa operação só]. [Sua vaga vale"
        " até meia-noite|Ponha R$ {valor} e assista|A gente opera e você descansa]. [Lucro garantido.|Responda EU"
        " QUERO.|Grupo: {celular}.]",
    ),
    "betting": (
        "[### rodadas grátis|Bônus de R$ {valor}|Dobro do depósito] [para novos jogadores|sem depósito|na primeira"
        " aposta] [{pressa}|{no_dia}|só esta noite]! [Jogue|Gire|Aposte] em {link}",
        "{nome} ganhou R$ {muito} [no jogo do foguetinho|na roleta|com um giro] [ontem|{no_dia}|de dentro do"
        " ônibus]. [O próximo pode ser você|O truque é o mesmo|A plataforma tá pagando agora]: {link}",
    ),
    "followers": (
        "[Ganhe|Compre|Turbine] {codigo} [seguidores|curtidas|visualizações|avaliações cinco estrelas|inscritos] por"
        " R$ {pouco}, [perfis reais|entrega em uma hora|sem senha|com garantia]. [Peça|Teste|Veja os preços|Comece]"
        " em {link}[ {pressa}|]",
        "[Diploma|CNH|Certificado de inglês|Atestado] [sem prova|em três dias|registrado e original]. [Sem"
        " perguntas|Envio discreto|Metade agora por Pix], [chame {celular}|veja {link}].",
    ),
    "cheap-goods": (
        "[Relógios|Tênis|Bolsas|Óculos|Celulares] [de marca|originais|importados] [com 90% off|a partir de R$"
        " {pouco}|a preço de fábrica] {pressa}. [Queima de estoque|Só restam ##|Lote da alfândega]: {link}",
        "[Ingressos|Camarote|Dois lugares na frente] [do show esgotado|da final|do festival] pela metade do preço,"
        " [Pix para {nome}|não precisa encontrar|mando por e-mail depois do Pix]. [Chama {celular}|Pague"
        " {pressa}|Tem fila], {link}",
    ),
    "pet-sale": (
        "[Lindos|Fofos|Pequenos] [filhotes|gatinhos|papagaios] de graça [para um bom lar|para gente boa|por"
        " mudança], [só paga o transporte|só cobrimos as vacinas|entrega R$ {valor}]. [Manda a taxa para"
        " {nome}|Reserve em {link}|Chama {celular}, quem paga primeiro leva].",
        "O [filhote|gatinho|potro] [tá no aeroporto|tá com a transportadora|tá pronto para viajar], só [falta"
        " pagar|ficaram faltando] R$ {valor} [da caixa|do seguro|da licença]. [Pague {pressa}|Pode ser"
        " cartão-presente|Depois devolvem]: {link}",
    ),
    "wrong-pix": (
        "[Oi|Bom dia|Moço], [fiz um Pix errado para você|meu filho mandou um Pix para a sua chave|caiu aí um"
        " dinheiro que é meu], R$ {valor}. [Devolve nessa outra chave|Devolve pelo link {link}|Me devolve {pressa}],"
        " [é o remédio da minha mãe|senão chamo a polícia|não usa a devolução do banco]. [{nome}, {celular}.|Deus"
        " abençoe.|]",
        "[Comprovante|Pix agendado|Transferência] de R$ {valor} [no nome {do_nome}|por engano|em duplicidade],"
        " [estorne|devolva] [para {celular}|na chave do advogado|em {link}] {pressa} [ou vira processo|por"
        " gentileza|que eu mando print].",
    ),
    "hard-new-number": (
        "[Olá|Oi|Oie], {parente}, sou eu. Meu celular [caiu na água|foi roubado|caiu na privada|ficou todo"
        " trincado], [esse é meu número novo|salva esse número[ e apaga o antigo|]|tô falando de outro]. [Você tá em"
        " casa?|Depois me ajuda com uma coisa?|Preciso de um favorzinho.|Me chama aqui quando ler.]",
        "[Adivinha quem é|É seu filho preferido|Sua filha aqui]! [Número novo|Usa esse número agora|O antigo já"
        " era], {pais}. [Pode falar?|Não liga, só escreve.|Preciso te pedir uma coisa.|Não comenta com {o_nome}"
        " ainda.]",
    ),
    "hard-boss": (
        "{nome}, você tá na mesa? Tô em [reunião|um congresso|uma banca|viagem] e não posso falar. [Preciso que"
        " compre uns cartões para um cliente, fica entre nós.|Resolve um pagamento para mim antes do almoço.|Me"
        " escreve nesse número, não liga.|Tem que ser com discrição.]",
        "[Bom dia|Oi|Olá|Rapidinho], {nome}, aqui é [{nome}, da diretoria|{ele}, seu diretor|{nome}, da"
        " presidência|{ela}, a nova sócia]. [Pode fazer uma tarefa discreta?|Quero surpreender a equipe com vales,"
        " consegue #?|Qual fornecedor a gente paga {quando}? Usa os dados novos.] [Rápido, por favor.|Depois eu"
        " assino.|Ninguém mais sabe.|Responde por aqui.]",
    ),
    "hard-wrong-person": (
        "[Oi, {nome}|Olá, {nome}], [foi bom demais {lugar}, né|ainda tá de pé {programa} {quando}|o cachorro tomou o"
        " remédio|chegou bem de viagem]? [Ah, não é {o_nome}? Você parece gente boa, como se chama?|Desculpa, minha"
        " assistente me deu o número errado. Você mora onde?|Contato errado! Mas quem sabe é o destino, vamos"
        " conversar?]",
        "[Minha assistente salvou você como {nome} veterinária.|Acho que a gente se conheceu numa degustação.|É"
        " {o_nome} da equitação?] [Desculpa incomodar, você é tão educado.|Que engano engraçado.|Sou nova na cidade,"
        " vim de Singapura.] [Você trabalha com quê?|Aliás, você gosta de investir?|Posso guardar seu número?]",
    ),
    "hard-flat-abroad": (
        "[O apartamento|O estúdio|O chalé|O quarto] [perto da praia|perto do metrô|perto da praça|no centro|perto da"
        " faculdade] ainda tá livre, R$ {valor} por mês [com tudo|com quintal|mobiliado]. [Tô fora do país|Tô"
        " embarcado|Tô em missão no exterior], então [manda o depósito antes e as chaves vão pelo correio|não dá"
        " para visitar, mas um sinal segura para você|paga dois meses e meu corretor leva as chaves]. [Abraço,"
        " {nome}.|Deus abençoe.|]",
    ),
    "hard-kind-buyer": (
        "Olá, [ainda vende|ainda tá vendendo|você já vendeu] {o_artigo}? [Eu fico|Pago o preço cheio|Pago até R$ 20"
        " a mais]. [Meu motorista busca, você só paga o seguro dele antes.|Mandei dinheiro a mais sem querer,"
        " devolve a diferença para o motorista.|Não posso ir, me passa os números do seu cartão que o dinheiro cai.]"
        " [Obrigado, {nome}.|Espero que esteja tudo bem.|]",
    ),
    "hard-accident": (
        "{pais}, não se assusta, [bati o carro|tô na delegacia|me envolvi num acidente]. [Eu tô bem, mas|Ninguém se"
        " machucou, só que] [não me deixam sair|preciso resolver isso antes de ir embora|o rapaz quer acertar hoje]."
        " [Um senhor passa aí {hora}, entrega o que tiver em casa.|Consegue ir ao banco sem comentar?] [Não conta"
        " para {o_nome}, tá?|Tô com tanta vergonha.|Não chora.]",
    ),
    "hard-code-favour": (
        "[Oi|Oi, {nome}|Olá, querida|Oi, aqui é {o_nome}], [mandei seis números para você por engano|coloquei seu"
        " celular sem querer|fiquei sem acesso e escolhi você como amigo], [me passa eles|lê para mim o que"
        " chegou|me diz os números]? [Rápido, que vence.|Desculpa o incômodo.|Fico te devendo.|]",
        "[Minha sobrinha|A filha {do_nome}|Minha afilhada] tá num concurso de [dança|desenho|fotos|canto], [vota"
        " lá?|faltam dez votos.|cada voto conta!] [Chegam uns números aí, manda para mim.|É só entrar com a sua"
        " conta, {site}|Antes me passa o número que mandarem para você.] [Obrigada!|]",
    ),
}

FORMAL = {
    "prize": (
        "[PARABÉNS|Você venceu|Ótima notícia|Último aviso]! Você [ganhou|foi sorteado e leva|tem direito a]"
        " {premio}. [Resgate|Retire|Confirme|Receba] em {link}[ {pressa}|]!",
        "A {loja} agradece aos clientes: [seu brinde grátis|seu prêmio|seu cupom de R$ {valor}|sua caixa surpresa]"
        " está à sua espera. {acesse} {link}[ {pressa}|]",
    ),
    "lottery": (
        "[Seu número|Seu e-mail|Seu chip|Seu CPF] foi sorteado na nossa loteria [semanal|anual|mundial|de verão]: R$"
        " {muito}. [Ligue {gratis} para retirar|Responda SIM com nome e CPF|Taxa de R$ {pouco} em {link}|Informe o"
        " código {codigo} ao agente {sobrenome}].",
        "[Bilhete {codigo}|Número da sorte {codigo}|Seu bilhete]: [segundo lugar|prêmio máximo|categoria A], R$"
        " {muito}. [Pague o imposto|Envie cópia do RG|Informe agência e conta] [{pressa}|ao senhor {sobrenome}|pelo"
        " {gratis}] ou perde o prêmio.",
    ),
    "fake-bank": (
        "{banco}: [sua conta [foi bloqueada|teve atividade suspeita|será encerrada {quando}]|seu"
        " [cartão|acesso|aplicativo] [foi bloqueado|será suspenso {quando}|precisa de atualização]]."
        " [Valide|Atualize seus dados|Entre|Digite sua senha] em {link}[ {pressa}|]",
        "[Aviso de segurança|ALERTA|{banco}]: [Pix|compra|saque|transferência] de R$ {valor} para {nome} [em"
        " análise|pendente|aprovado]. Não foi você? [Cancele|Bloqueie|Conteste] aqui: {link}",
    ),
    "fake-delivery": (
        "{entrega}: [sua encomenda ficou retida|seu pacote está parado|seu pedido foi barrado] por [taxa de R$"
        " {pouco}|endereço incorreto|falta do número|fiscalização]. [Pague|Corrija|Libere|Atualize seus dados] em"
        " {link}[ {pressa}|]",
        "[Não encontramos você|Não foi possível entregar|Passamos na sua casa] {no_dia}. [Marque nova data|Escolha"
        " um horário|Evite a devolução] por [uma pequena taxa|R$ {pouco}|o valor do frete]: {link}",
    ),
    "loan": (
        "[Precisa de dinheiro|Contas atrasadas|Nome sujo|No vermelho|Negado no banco]? R$ {valor} na conta [hoje|em"
        " uma hora|até as {horario}], [sem consulta|sem perguntas|aprovado na hora|sem fiador]. [Peça|Ligue"
        " {gratis}|Acesse {link}|Responda CRED].",
        "Seu [empréstimo|consignado|crédito] de R$ {muito} foi [aprovado|liberado|pré-aprovado]. [Pague antes o"
        " seguro de R$ ##|Envie o número do cartão|Confirme os dados {pressa}|Falta só a taxa de liberação]: {link}",
    ),
    "miracle-cure": (
        "[Perca|Queime|Seque] [5|10|12] quilos em [duas semanas|um mês|## dias] sem [dieta|academia|fome]! [Os"
        " médicos odeiam|Gotas naturais|Só {quando}|Deu na TV], peça em {link}",
        "[Dor no joelho|Diabetes|Cabelo branco|Vista cansada|Ronco] some em [uma noite|uma semana|## dias] com [esta"
        " raiz|nosso gel|uma colher por dia]. [Primeiro frasco grátis|A farmácia esconde|Jogue fora seus remédios]:"
        " {link}",
    ),
    "fake-invoice": (
        "[Boleto|Aviso|Última cobrança] {codigo}: R$ {valor} de [antivírus|registro de domínio|seu anúncio|segunda"
        " via] [em atraso|será debitado {quando}|em aberto]. [Não pediu? Ligue {gratis}|Conteste em {link}|Pague"
        " {pressa} e evite protesto].",
        "Prezado cliente, [nossos dados bancários mudaram|use a nova chave Pix|o boleto anterior foi cancelado]:"
        " pague [a nota {codigo}|os R$ {valor} em aberto|seu aluguel] [para {nome} {sobrenome}|na conta do anexo|em"
        " {link}] [{pressa}|daqui em diante].",
    ),
    "subscription-trap": (
        "[Seu teste grátis|Sua assinatura|Seu plano premium|Seu horóscopo] [vence|renova] {quando} e serão cobrados"
        " R$ {valor}. [Cancele|Interrompa|Desative] em {link} ou ligue {gratis}.",
        "[Só R$ {pouco}|Um real|Grátis]: [um celular|uma cafeteira|{premio}], [pague só o frete|é só cadastrar o"
        " cartão|presente de cliente]! [Depois R$ {valor} por mês|Confirme {pressa}|Últimas unidades]: {link}",
    ),
    "charity-fraud": (
        "[Crianças|Famílias|Cachorrinhos|Idosos] [com fome|com frio|morrendo] depois [da enchente|do temporal|do"
        " deslizamento|do incêndio]. Doe R$ {valor} agora, [cada minuto conta|confiamos em você|{o_nome} só tem #"
        " anos]: {link} ou cartão pelo {gratis}",
        "[Fundo resgate|Instituto esperança|Anjos dos bichos]: [sua doação|um Pix de R$ {valor}|um pagamento] salva"
        " [uma criança|um cachorro|uma vila] {pressa}. [Aceitamos cartão-presente|Aceitamos cripto|Não emitimos"
        " recibo]: {link}",
    ),
    "tax-refund": (
        "[Receita|Restituição|Imposto de renda]: você tem R$ {valor},## [a receber|parados|liberados]."
        " [Resgate|Informe o cartão|Confirme a conta|Preencha o formulário] [{pressa}|em 48 horas]: {link}",
        "[Seu CPF|Seu cadastro|Seu título] [está irregular|será suspenso {quando}|tem pendência|caiu na malha fina]."
        " [Regularize|Pague R$ {valor}|Envie selfie e RG] em {link} [{pressa}|ou perde a conta|e evite multa]",
    ),
    "benefits": (
        "[INSS|Aposentadoria|Benefício]: [sua prova de vida venceu|há R$ {valor} de atrasados|seu pagamento será"
        " cortado {quando}|falta a biometria]. [Envie foto do rosto e do cartão|Ligue {gratis}|Confirme a senha em"
        " {link}] [{pressa}|para não perder].",
        "[FGTS|Abono|Décimo quarto salário]: [saque de R$ {valor} liberado|você tem direito a R$ {muito}|último"
        " lote]. [Consulte com CPF e senha|Antecipe|Pague a guia e receba] {pressa}: {link}",
    ),
    "clean-name": (
        "[Seu nome|Seu CPF] [vai para o Serasa|será protestado|está negativado] {quando}: [R$ {valor}|dívida"
        " {codigo}|três pendências]. [Quite com 98% de desconto|Limpe seu nome|Pague por Pix] {pressa}: {link}",
        "[Aumente seu score|Limpamos seu nome|Apagamos dívidas] em [## horas|três dias|uma semana] [sem pagar a"
        " dívida|com liminar secreta|por R$ {valor}]. [Garantido|Só com CPF e senha|Fale no {celular}]: {link}",
    ),
    "miles": (
        "[Suas milhas|Seus pontos|## mil pontos] [vencem|expiram|somem] {quando}! [Troque por {premio}|Resgate|Venda"
        " por R$ {valor}] em {link} [com a senha do cartão|{pressa}|]",
        "[Clube de pontos|Programa de milhas|{banco} pontos]: [última chamada|saldo alto|bônus de ##%], [leve"
        " {premio}|R$ {valor} de volta na fatura]. [Entre com senha|Valide o cartão|Confirme CPF] {pressa}: {link}",
    ),
    "virus-alert": (
        "Seu [celular|computador|tablet] tem [#|##] [vírus|ameaças|invasores]! [Limpe agora|Instale a"
        " proteção|Verifique grátis]: {link} [Suas fotos correm perigo.|Seus dados do banco estão vazando.|Aja"
        " {pressa}.|]",
        "[Suporte|Central técnica|Segurança digital]: [sua licença|seu computador|seu modem] [mostra erros|foi"
        " infectado|vai parar {quando}]. [Ligue {gratis}|Deixe a gente conectar|Instale a ferramenta em {link}]"
        " [{pressa}|antes de perder tudo].",
    ),
    "account-locked": (
        "{servico}: [sua [conta|assinatura] [foi suspensa|será apagada {quando}]|seu [perfil|acesso] [foi"
        " bloqueado|será apagado {quando}]|seu pagamento falhou|houve acesso de fora do país]. [Recupere|Atualize o"
        " cartão|Confirme que é você] em {link}[ {pressa}|]",
        "[Alguém|Um usuário|{nome}] [denunciou sua página|entrou como você|copiou sua foto] no {servico}."
        " [Recorra|Entre|Digite sua senha] [{pressa}|ou perca a conta]: {link}",
    ),
    "fake-court": (
        "[Polícia|Fórum|Cartório]: [um mandado|um processo|um inquérito] em seu nome [foi aberto|começa"
        " {quando}|bloqueia sua conta]. [Ligue {gratis}|Pague R$ {valor} de fiança em {link}|Tecle 1] [{pressa}|e"
        " não conte a ninguém].",
        "[Aqui é o advogado {sobrenome}|Escritório {sobrenome}|Doutora {sobrenome}]: [seu precatório|sua causa|sua"
        " indenização] de R$ {muito} [saiu|depende só de você|está na conta judicial]. [Pague as custas de R$"
        " {valor}|Faça o Pix das custas|Mande os dados da conta] {pressa}, {celular}.",
    ),
    "survey": (
        "[Responda # perguntas|Avalie a {loja}|Conte como foi na {loja}] e [ganhe|leve|concorra a] {premio}! [Leva"
        " um minuto|Restam ##|Só o frete de R$ {pouco}]: {link}",
        "Você é [o visitante sortudo|o cliente número ###|o escolhido] [de hoje|do mês|da semana]: [pesquisa"
        " rápida|uma pergunta|três cliques], {premio}. [Comece|Vai lá|Participe] {pressa} em {link}",
    ),
    "light-bill": (
        "{luz}: [você pagou a mais|sua conta veio errada|desconto de R$ {valor}] [no verão|este ano|no medidor"
        " {codigo}]. [Resgate|Cadastre o cartão|Entre com seu banco] {pressa}: {link}",
        "{luz}: [corte marcado|religação suspensa|contrato encerrado] {quando}, [R$ {valor} em aberto|pagamento"
        " recusado|fatura não localizada]. [Quite por Pix|Pague|Evite o corte] [{pressa}|em dois cliques] em {link}",
    ),
    "missed-call": (
        "Você tem [uma mensagem de voz|uma ligação perdida|# mensagens secretas|## ligações perdidas] de [{nome}|um"
        " admirador secreto|uma pessoa da sua rua]. [Ouça|Escute|Leia]: {link} [ou ligue 0900 000 ####, R$ {pouco}"
        " por minuto|]",
        "[Alguém|Uma pessoa perto de você|Um antigo amor] [está a fim de você|perguntou de você|deixou um recado]."
        " [Descubra quem|Responda AMOR|Ligue 0900 000 ####][ {pressa}| em {link}|, R$ {pouco} por mensagem].",
    ),
    "holiday-club": (
        "[Duas semanas|Um feriadão|Sete noites] [na praia|em Natal|nas Maldivas|num resort] [grátis|por R$"
        " {valor}|com 90% off] para [você e {nome}|os ## primeiros|clientes vip]. [Pague só as taxas|Reserve|Garanta"
        " com cartão] {pressa}: {link}",
        "[Consórcio|Clube de férias|Cota do resort]: [contemplado, R$ {muito}|temos comprador para a sua cota|seus"
        " pontos expiram {quando}]. [Só a taxa de R$ {valor}|Cartão para liberar|Ligue {gratis}], [{link}|fale com"
        " {sobrenome}|{pressa}].",
    ),
    "hard-polite-bank": (
        "[Bom dia|Boa tarde|Boa noite], [aqui é|quem fala é|meu nome é] [{nome} {sobrenome}|{nome}], do {banco}."
        " [Para sua segurança, vamos passar suas economias para uma conta nova hoje.|Um colega vai buscar o seu"
        " cartão antigo.|Alguém da sua agência não é honesto, precisamos da sua ajuda.|Precisamos que faça um"
        " pequeno pagamento de teste.] [Deixe a linha livre, por favor.|Fique com o cartão em mãos.|Não comente com"
        " ninguém da agência.|]",
        "[Bom dia|Dona {ela}|Seu {ele}], [nosso funcionário|o motorista|o jovem colega] {ele} passa aí às {horario}."
        " [Por favor, ponha o cartão e a senha num envelope.|Deixe o dinheiro contado.|Entregue as joias a ele para"
        " guardar.|Entregue a ele o caderno das senhas.] [Obrigado pela confiança.|Não comente com ninguém.|]",
    ),
    "inheritance": (
        "Sou [advogado|gerente|inventariante|tabelião] de um [parente|primo|xará] seu, falecido, que deixou R$"
        " {muito}. [Responda em sigilo|Uma pequena custa abre o processo|Envie seu RG|Metade é sua], {gratis}["
        " {pressa}|]",
    ),
    "parking-ticket": (
        "[Multa|Pedágio|Licenciamento] {codigo} em aberto: R$ {valor} até {dia}, depois o dobro[ e a CNH suspensa|]."
        " [Quite|Recorra ou quite|Veja a foto] em {link}",
    ),
    "blackmail": (
        "[Entrei na sua câmera|Tenho suas senhas|Sei o que você assiste]. [Mande|Transfira|Pague] R$ {valor} em"
        " [bitcoin|Pix|cartão-presente] {pressa} ou [{nome} fica sabendo|todos os seus contatos recebem o vídeo|eu"
        " publico].",
    ),
}

UNSEEN = ("inheritance", "parking-ticket", "hard-accident")

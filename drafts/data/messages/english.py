"""The English messages: word lists, minimal pairs, abbreviations; templates are in english_ham and english_spam."""

from . import english_ham, english_spam
from .grammar import Language, Pair, families

# Telephone numbers are of the ranges that Ofcom keeps free for drama; banks, shops and couriers do not exist.
WORDS = {
    "name": "Tom|Lucy|Ben|Sara|Kate|Nora|Jack|Emma|Leo|Amy|Dan|Owen|Alice|Peter|Hugo|Priya|Omar|Chloe|Liam|Maya|Ruth"
    "|Callum|Zoe|Femi|Hannah|Ravi|Megan|Toby|Imani|Oscar|Beth|Kofi|Elsie|Rhys|Aisha|Marta|Jonas|Fiona|Yusuf|Nina",
    "surname": "Okafor|Bennett|Patel|Whitlock|Nowak|Fairley|Osei|Lindqvist|Haddad|Prescott|Kerrigan|Dunmore",
    "bank": "Quillmoor Bank|Larkholm Bank|Thistleby Savings|Brindlewick Bank|Ostermere Credit|Fennaby Bank",
    "shop": "Wickerbee|Foliotree|Noddlemart|Pennyloaf|Hobbinstore|Greenlarder|Kestrelby|Plumandpin",
    "courier": "ParcelHeron|SwiftBadger|Otterpost|Boxhopper|Puffinline|Magpie Parcels",
    "service": "Flimmerbox|Tunemoss|Chatterly|Viewdrop|Pixelnook|Cloudwren",
    "utility": "Lumenbay Energy|Gridfern Power|Wrenwater|Bramblenet",
    "day": "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
    "weekday": "Monday|Tuesday|Wednesday|Thursday|Friday",
    "soon": "on {day}|on {day}|next {day}|tomorrow",
    "when": "on {day}|on {day}|tomorrow|tonight|this evening|next {day}|tomorrow morning|this weekend|later today",
    "time": "7|8.30|9.15|10|11.45|noon|half past two|3|4.20|five|6.30|quarter past seven|8|ten to nine",
    "clock": "08:30|09:15|10:00|10:45|11:20|12:10|14:00|14:35|15:50|16:15|17:30",
    "span": "08:00 and 10:00|09:30 and 11:30|10:15 and 12:15|12:00 and 14:00|13:40 and 15:40|16:00 and 18:00",
    "place": "the station|the library|the cinema|the café on the corner|my place|the gym|the park gates|the office"
    "|the bus stop|Gran's house|the swimming pool|the market|the bakery|the museum|the old bridge|the bowling alley"
    "|the town hall|the harbour|the bookshop|the playground|the tennis courts|the noodle bar",
    "outing": "lunch|a coffee|a film|dinner|a walk|a swim|a picnic|a game of chess|the concert|breakfast|ice cream"
    "|pizza|a bike ride|the match|badminton|the quiz night",
    "food": "bread|milk|eggs|rice|tomatoes|coffee|cheese|apples|pasta|onions|yoghurt|bananas|olive oil|potatoes"
    "|butter|carrots|lentils|mushrooms|honey|lemons|spinach|oats|garlic|chicken|plums|beans|cream",
    "goods": "{food}|{food}|{food}|{food}|tea bags|washing powder|bin bags|cat food|candles|kitchen roll",
    "public": "the chemist's|the town hall|the shopping centre|the market square|the front desk|the high street shop",
    "thing": "the charger|my umbrella|the car keys|my book|the blue folder|the tickets|my jacket|the headphones"
    "|the cake tin|the tent|my scarf|the football|my glasses|the camera|the board game|the sleeping bag"
    "|my sketchbook|the picnic rug|the spare key|the lunch box|the tripod|the travel adapter",
    "tool": "drill|ladder|bike pump|sewing machine|lawnmower|big saucepan|projector|wheelbarrow|folding table|tent"
    "|suitcase|camping stove|guitar tuner|spirit level|carpet cleaner",
    "kin": "Mum|Dad|Gran|Grandpa|Auntie Vera|Uncle Joe",
    "parent": "Mum|Dad|Mum|Dad|Gran|Grandpa",
    "subject": "maths|history|science|geography|French|biology|chemistry|music",
    "meal": "risotto|soup|lasagne|curry|pancakes|stew|pie|omelette|dumplings|lemon cake|flapjacks|shepherd's pie",
    "fault": "boiler|washing machine|kitchen tap|front door lock|bathroom light|fridge|shower|oven|dishwasher|doorbell",
    "item": "coat|kettle|bookshelf|desk lamp|raincoat|pair of boots|rug|toaster|backpack|garden chair|puzzle|blender"
    "|garden hose|set of pans|phone case|bicycle helmet",
    "prize": "a new phone|a holiday for two|a £#50 gift card|£#,000 in cash|a games console|a robot hoover"
    "|an electric bike|a year of free groceries|a laptop|a spa weekend|a 65-inch television|a designer watch",
    "money": "40|75|120|250|300|480|650|900|1,500|2,000|5,000",
    "small": "1.99|2.49|1.45|2.99|3.20|0.99",
    "big": "5,000|12,000|25,000|80,000|250,000|1.5 million",
    "code": "####",
    "mobile": "07700 900###",
    "freephone": "0808 157 0###",
    "site": "[photos|album|share|docs|tickets|maps].example/[a|b|d|k|n]#[f|m|r|t]##",
    "link": "[win|claim|secure|verify|my|help|get|quick|fast|safe|top|best]-[now|login|parcel|gift|cash|deal|form|id"
    "|pay|centre].example[|/[a|c|k|q|x]#[b|d|h|z]#|/####|/go]",
    "hurry": "today|now|before midnight|within 24 hours|in the next hour|before it is too late|straight away"
    "|by tomorrow noon",
    "act": "Tap|Visit|Open|Go to|Click|Just follow",
    # Of the pairs.
    "opening": "|Hi {name}. |Remember this: |Hello again. |For {name}: |As agreed: |Note: |Good morning. |{name}, ",
    "sender": "|Hi {name}. |Remember this: |{bank}: |{shop}: |{courier}: |For {name}: |As agreed: |Note: "
    "|Good morning. ",
    "ending": "| Thank you.| Please.| Kind regards.| That is all.| It matters.| Bye for now.| Any questions, just ask.",
    "give": "send|give|read|show|forward|text|pass|tell",
    "secret": "code|password|PIN|security number|card number|login key|access code|six digits|passcode|memorable word",
    "call": "call|ring|email|visit|message|write to|contact",
    "topic": "new card|refund|order|account|parcel|ticket|booking|complaint|contract|claim",
    "story": "a blocked card|a strange purchase|a police case|a tax debt|a broken router|an unpaid fine"
    "|a frozen account|a lost parcel|a late refund|a virus|a court letter",
    "obey": "pay|log in|transfer the money|move your savings|read out the {secret}|install the app|share your screen"
    "|open the attachment|buy the vouchers",
    "see": "see|visit|inspect|test|look at|check|try",
    "good": "flat|car|bike|sofa|phone|puppy|piano|camera|laptop|caravan|violin|holiday cottage",
    "pay": "pay|pay the deposit|send the money|transfer the money|pay in full|sign|pay half",
    "stranger": "man|woman|stranger|seller|agent|broker|adviser|lady|trader",
    "matter": "inheritance|loan|investment|parcel|prize|visa|job|coins|refund|ticket|debt",
    "adviser": "your bank|your parents|your teacher|your sister|the police|your boss|your lawyer|a friend|your son",
    "ailment": "back pain|diabetes|weak eyes|high blood pressure|hair loss|bad sleep|headaches|joint pain|a cough",
    "trust": "ask|trust|listen to|follow|believe",
    "healer": "our healer|a video|an online coach|the man with the drops|our online guru|the stars",
    "medicine": "pills|insulin|tablets|heart pills|medicine|eye drops|antibiotics|iron tablets",
    "quack": "herbal drops|miracle tea|detox juice|magnetic bracelet|slimming powder|golden honey|crystal water",
    "often": "every day|each morning|twice a day|with every meal|as always|from now on|all winter",
    "channel": "number|account|address|chat|profile",
    "sum": "rent|money|school fees|deposit|pocket money|ticket money",
    "mine": "mine|ours|real|safe|right",
    "block": "block|cancel|freeze",
    "how": "in the app|at the branch|at once|tonight|yourself",
    "training": "training|uniform|laptop|visa|flight|starter kit|certificate|medical check|work phone|insurance",
    "give_away": "give|donate|send money|send clothes",
    "cause": "the animal shelter|the food bank|the hospital|the school|the lifeboats|the flood fund|the rescue team"
    "|the church",
    "approach": "write to you|knock at your door|call you|text you|find you online",
}

PAIRS = (
    Pair(
        "hard-pair-code",
        "{sender}about your {topic}: do not {give} the {secret} to anyone, {call} us.{ending}",
        "{sender}about your {topic}: {give} the {secret} to us, do not {call} anyone.{ending}",
    ),
    Pair(
        "hard-pair-hang-up",
        "{sender}when the caller talks of {story}, hang up and do not {obey}.{ending}",
        "{sender}when the caller talks of {story}, {obey} and do not hang up.{ending}",
    ),
    Pair(
        "hard-pair-first",
        "{opening}first you {see} the {good}, then you {pay}.{ending}",
        "{opening}first you {pay}, then you {see} the {good}.{ending}",
    ),
    Pair(
        "hard-pair-talk",
        "{opening}do not answer the {stranger} who wrote about the {matter}, talk to {adviser}.{ending}",
        "{opening}talk to the {stranger} who wrote about the {matter}, do not answer {adviser}.{ending}",
    ),
    Pair(
        "hard-pair-doctor",
        "{opening}for {ailment}, {trust} your doctor, not {healer}.{ending}",
        "{opening}for {ailment}, {trust} {healer}, not your doctor.{ending}",
    ),
    Pair(
        "hard-pair-medicine",
        "{opening}take your {medicine} {often} and forget the {quack}.{ending}",
        "{opening}take the {quack} {often} and forget your {medicine}.{ending}",
    ),
    Pair(
        "hard-pair-number",
        "Hi {parent}, the new {channel} is not {mine}, send the {sum} to the old one.{ending}",
        "Hi {parent}, the old {channel} is not {mine}, send the {sum} to the new one.{ending}",
    ),
    Pair(
        "hard-pair-block",
        "{sender}{block} the card {how}, do not read the {secret} to the caller.{ending}",
        "{sender}read the {secret} to the caller, do not {block} the card {how}.{ending}",
    ),
    Pair(
        "hard-pair-training",
        "{sender}we pay for your {training}, you pay us nothing.{ending}",
        "{sender}you pay us for your {training}, we pay nothing.{ending}",
    ),
    Pair(
        "hard-pair-cause",
        "{opening}if you want to help, {give_away} to {cause}, not to people who {approach}.{ending}",
        "{opening}if you want to help, {give_away} to people who {approach}, not to {cause}.{ending}",
    ),
)

ABBREVIATIONS = {
    "you": "u",
    "please": "pls",
    "are": "r",
    "your": "ur",
    "thanks": "thx",
    "tomorrow": "tmrw",
    "because": "cos",
    "and": "&",
    "tonight": "2nite",
    "before": "b4",
    "great": "gr8",
    "people": "ppl",
    "message": "msg",
    "about": "abt",
    "weekend": "wkend",
    "minutes": "mins",
}

EMOJI = ("😊", "🙏", "👍", "❤️", "😘", "🙂", ":)", "xx", "😅", "🎉", "x", "👋", "✨")

ENGLISH = Language(
    families=families(english_ham.CHAT, english_ham.FORMAL, "ham", english_ham.UNSEEN)
    + families(english_spam.CHAT, english_spam.FORMAL, "spam", english_spam.UNSEEN),
    pairs=PAIRS,
    words=WORDS,
    proper=("name", "surname", "bank", "shop", "courier", "service", "utility"),
    abbreviations=ABBREVIATIONS,
    emoji=EMOJI,
)

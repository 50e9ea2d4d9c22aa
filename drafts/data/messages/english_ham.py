"""English messages that one wants to get: templates by kind."""

CHAT = {
    "meet-up": (
        "[Hi|Hey|Hello|Morning] {name}, [are we still on for|shall we meet for|do you fancy|are you free for]"
        " {outing} [{soon} at {time}|{soon}]? [Let me know.|I can come to {place}.|Bring {name} if you like.|No"
        " worries if not.|]",
        "[I could do|I'm up for|How about] {outing} {soon}, [but not before {time}|any time after {time}|if it stays"
        " dry]. [Shall I book?|Say when.|I'll ask {name} too.]",
        "[We are all|{name} and I are|Half the team is] at {place} [already|from {time}|until late]. [Come and join"
        " us!|There's a chair for you.|Are you nearby?|Did you forget?]",
    ),
    "running-late": (
        "[I'm|I am] running [late|a bit late|10 minutes late|really late], [start without me|save me a seat|please"
        " wait at {place}|order me something]. [Traffic is terrible.|Sorry!|Couldn't find {thing}.|Missed the"
        " bus.|The train stood still for ages.]",
        "[Stuck|Still] [at {place}|on the bus|in the car|in a queue], [be there|with you|home] [by {time}|in 20"
        " minutes|soon]. [Sorry!|Don't wait with the food.|Can you fetch {name}?|Keep {thing} ready.]",
    ),
    "shopping-list": (
        "[Can you buy|Could you get|Could you pick up] {goods}, {goods} and {goods} [on your way home|after"
        " work|when you are out][?| please?] [I forgot.|Thanks love.|The list is on the fridge.|Nothing else.|]",
        "We are out of {goods} [again|already|and {goods}]. [I will go after work.|Your turn!|Do we have"
        " {goods}?|Anything else you need?|The shop closes at {time}.]",
        "I'm in the shop, [they have no {goods}|there's a deal on {goods}|can't find the {goods}]. [Shall I get"
        " {goods} instead?|Do we really need it?|Would {goods} do?|Ring me quick.]",
    ),
    "homework": (
        "[Did you do|Have you finished|Do you get|Are you done with] the {subject}"
        " [homework|essay|project|worksheet]? [I'm lost on question #.|It's due {when}.|{name} says it's easy.|Can I"
        " see how you started?|Page ## makes no sense.]",
        "The {subject} [test|quiz|presentation] is [{soon}|moved to {day}|only on chapter #], [don't panic|so we can"
        " learn together|I asked {name}]. [My place at {time}?|I have the notes.|Bring your book.|]",
    ),
    "work-meeting": (
        "[Can we move|Could we shift|Let's push|I'd like to move] the [meeting|call|review|interview] to {day} at"
        " {time}? [The report is not ready.|{name} is away.|The room is taken.|I have a dentist appointment.|The"
        " client asked.]",
        "[Notes from|Minutes of|Slides for] the [meeting|workshop|team day] [are on the shared drive|are in your"
        " inbox|come {when}]. [{name} takes point 3.|Page # needs your eyes.|Comments by {day}, please.|Any"
        " corrections, shout.]",
        "Can you [cover|take|swap] my shift {soon}? [{name} can't.|I'd do your {day}.|It's only until {time}.|My son"
        " has a fever.] [I owe you one.|The boss says it's fine.|]",
    ),
    "office-life": (
        "The [printer|coffee machine|lift|projector|scanner] [on the second floor|by the kitchen|in room ###] [is"
        " broken again|has been out of order since {day}]. [I called {name}.|Use the other one.|Somebody is coming"
        " {when}.|Give it a kick, that helps.]",
        "There's [cake|fruit|leftover pizza|a box of biscuits|fresh bread] in the kitchen, [{name} turns 30|first"
        " come first served|it's from the client]. [Hurry up!|Leave some for {name}.|Plates are in the cupboard.]",
    ),
    "birthday": (
        "Happy birthday[, dear| to you,|] {name}! [Love from all of us.|Cake at {place} {soon}?|See you {when}, I"
        " have something small for you.|Have a lovely day.] [Don't work too much.|Hugs, {name}.|How does it feel?|]",
        "It's {name}'s birthday {when}, [shall we|could we all|I thought we might] [bake a cake|buy a present"
        " together|sing at {place}|get up early]? [Don't tell!|I'll bring the candles.|{name} is in, too.]",
    ),
    "family-news": (
        "{kin} [says thanks for|loved|keeps talking about] the [flowers|photos|call|visit|card]. [It made the"
        " day.|The whole street has heard.|Ring again {when}.|Such a nice surprise.] [All fine here.|Love, {name}.|]",
        "[The baby|Little {name}|My sister's boy] [has a first tooth|slept all night|walked to the sofa|laughed out"
        " loud] [today|at last|yesterday]! [Photos follow.|{kin} cried.|So tired and so happy.|We are so proud.]",
        "[Arrived safely|We got here fine|Home at last], [the house is cold but fine|{kin} cooked {meal}|the kids"
        " are asleep|we forgot {thing}]. [More tomorrow.|Love to all.|Good night!]",
        "[The baby|Little {name}|My sister's boy] said [a first word|a whole sentence] [today|at last|yesterday],"
        " [it was about {food}|{kin} swears it was {food}|and now repeats it all day]! [{kin} cried.|So proud.|Ring"
        " us {when}.]",
    ),
    "pets": (
        "Your [cat|dog|rabbit] is [asleep on|sitting on|chewing|guarding] {thing}. [I didn't dare to move.|Photo"
        " follows.|Shall I stop it?|So sweet.] [All fine here.|Enjoy the trip.|Fed at {time}.|]",
        "[Could you|Can you|Would you] feed the [cat|fish|hamster|hens] {when}? [We are at {place}.|The food is in"
        " the blue tin.|{name} has the key.|Just one spoon, whatever it says.] [I'll bring you"
        " [flowers|honey|chocolate|plums].|]",
    ),
    "evening-for-two": (
        "[I loved|I keep smiling about|Thanks for] [yesterday|our walk|the film|that dinner]. [Same again"
        " {when}?|You still have {thing}.|Next time I cook {meal}.|My turn to pay.] [Sleep well.|Miss you"
        " already.|Kiss.]",
        "[Table for two|Two seats|A picnic for two] [at {time}|{soon}|by the window], [don't be late|wear the green"
        " one|you choose the wine|I'll be outside {place}]. [Can't wait.|Love you.|Guess where.]",
    ),
    "on-the-way": (
        "[My train|The bus|The ferry|Our coach] [is delayed by ## minutes|left on time|is full|has stopped in the"
        " middle of nowhere]. [See you at {time}.|Don't leave yet.|{name} sits next to me.|At least there is"
        " coffee.|I'll take a taxi.]",
        "Can you [pick me up at|fetch {name} from|meet us at|collect the kids from] {place} {soon}? [About"
        " {time}.|We have three bags.|My battery is at #%.|The car won't start.] [Thank you!|]",
    ),
    "sport": (
        "[Training|Football|The run|Yoga] [is off {soon}, [the pitch is flooded|{name} is ill|no hall again]|is at"
        " {time} {soon}, [we have the small hall|bring water|{name} coaches]]. [Tell the others.|Who can drive?|See"
        " you there.|Spread the word.]",
        "What a [match|game|final]! [{name} scored twice.|We lost [0-1|2-3|1-4|0-6].|My knees hurt.|What a goal at"
        " the end!] [Beer at {place}?|Same time on {day}?|I want my bed.|Did you film it?]",
    ),
    "cooking": (
        "How [long|hot|much salt|many eggs] for your {meal}? [It looks flat.|{name} is coming to eat.|I only have"
        " {food}.|The oven is ready.] [Quick!|Help.|]",
        "I made {meal} [with {food}|without {food}|from Gran's book], [come and eat|there's plenty|it tastes like"
        " soap|even {name} had seconds]. [Bring {food}.|Ready at {time}.|I'll freeze the rest.|]",
    ),
    "films-and-books": (
        "[Have you seen|Have you read|Do you know] the [one|new one|book|series] about [the lighthouse|the two"
        " sisters|the lost dog|that island|the bank robbers]? [{name} loved it.|I cried at the end.|Don't tell me"
        " the end.|It's on {service}.]",
        "I'm on [page ###|episode #|the last chapter] and [I can't stop|it's so slow|I know who did it|I don't like"
        " {name} at all]. [You were right.|Do you want it after me?|Talk {when}?]",
    ),
    "lost-things": (
        "Did I leave {thing} at [your place|{place}|{name}'s]? [Can't find it anywhere.|I still had it on"
        " {day}.|Please have a look.] [It's blue.|Under the sofa maybe?|Not urgent.|]",
        "Found [a set of keys|a glove|a child's shoe|a purse|a cat with no collar] near {place}. [Is it yours?|I"
        " left it with {name}.|Who is missing it?|It's hanging on the fence.] [Flat #.|Tell the others.|]",
    ),
    "repairs": (
        "The {fault} [is playing up|makes that noise again|has died|won't work]. [Somebody comes {soon}.|{name} had"
        " a look.|Shall we call somebody?|I took it apart.] [Don't use it.|Can you be home at {time}?|Fingers"
        " crossed.|]",
        "Could I borrow your {tool} {soon}? [I'm fixing the {fault}.|Ours is at {name}'s.|You get it back"
        " {soon}.|We're painting the hall.] [I'd come round at {time}.|I'll bring [beer|cake|biscuits|jam].|]",
        "The {fault} works again, [it was only the fuse|{name} is a genius|don't ask how|£## and ten minutes]. [No"
        " more cold feet!|We can cancel {day}.|I'm so proud.|Try it.]",
    ),
    "neighbours": (
        "[The bins|The recycling|The old sofa|The garden waste] [must go|can go|goes] out on {day}, [just so you"
        " know|I could use a hand|the van comes at {time}]. [Thanks, flat #.|{name} from downstairs.|Sorry for the"
        " note.]",
        "We're having [friends|the choir|{name}'s party|builders] here {when}, [it may get loud|it ends by ten|sorry"
        " in advance]. [Come over!|Knock if it's too much.|There'll be {meal}.]",
    ),
    "thanks": (
        "Thank you [so much|a lot|again] for [the {tool}|the {meal}|the lift|your help {day}|listening]. [You saved"
        " my day.|Next time it's on me.|I owe you {outing}.|{name} says thanks, too.] [Hugs.|]",
        "[Sorry|I'm sorry] about [yesterday|what I said|the noise|{day}], [I was tired|I was wrong|it was not about"
        " you|I should have called]. [Friends?|Can we talk {when}?|I'll bring {meal}.]",
    ),
    "weather": (
        "[It's pouring|Snow at last|So hot|What a storm] here, [the garden is a lake|school is closed|I can't"
        " sleep|{name} is thrilled]. [How is it there?|Take {thing}.|Stay in bed.|Is anything open?]",
        "If it [rains|clears up|gets too hot] {when}, we [meet at {place}|stay in|go to {place} instead|take the"
        " car]. [OK?|Tell {name}.|Pack {thing} anyway.]",
    ),
    "shared-car": (
        "[Anyone|Who is] driving to [the lake|the festival|the wedding|Dad's party] {soon}? [We have two seats"
        " free.|I can share the petrol.|{name} gets sick in the back.|I'd bring {food}.] [Leaving at {time}.|There"
        " and back.|]",
    ),
    "hard-scam-joke": (
        '[Haha|Lol|Oh look], I just got [one of those|another of those|the famous] ["you have won a prize"|"claim'
        ' your free phone"|"urgent, your account is locked"|"pay the parcel fee"|"verify your card"|"earn £{money} a'
        ' day"|"your grandson needs money"] texts. [Who falls for that?|Number ten this week.|Straight in the'
        " bin.|Mine even has hearts in it.|{name} gets them, too.]",
        "{name}, you have WON... the right to [do the dishes|walk the dog|clean the oven|carry {thing}|wash the car]"
        " {when}! [Claim now.|No prize, sorry.|Terms apply, haha.|Reply YES or YES.]",
        "If one more [prince|lottery|lonely doctor|crypto guru|free iron] writes to me, I [move to a cave|throw the"
        " phone away|answer with my {meal} recipe]. [Do you get these?|Seven since {day}.|How do they find me?]",
    ),
    "hard-friend-warns": (
        "Careful, a false [{courier}|{bank}|tax refund|prize|job offer] [message|call|email] is going round: [do not"
        " click|do not pay|do not answer|don't give them your details]. [Tell {kin}.|It is a scam.|{name} nearly"
        " lost £{money}.|The link looks so real.]",
        "That was not me asking for [money|a code|gift cards|your account number], [my account was hacked|somebody"
        " uses my photo|delete that chat]. [Ring me if in doubt.|Please warn {name}.|I'm so sorry.|My number is"
        " still the same.]",
    ),
    "hard-real-win": (
        "We really won the [quiz|school raffle|photo contest|bake-off|egg race]! The prize is [a cake|a weekend at"
        " the lake|£100 to share|free ice cream|a basket of cheese], [{name} will bring it|we share it|come and"
        " celebrate] {when}.",
        "The [refund of £{money} from {shop}|deposit of £{money} for the flat|tax refund of £{money}|£{money} for"
        " the cancelled course] has arrived, [you were right to insist|it took months|I can't believe it]. [Drinks"
        " are on me on {day}.|Thank you!|I'll send your half.]",
    ),
    "hard-friend-link": (
        "[Here are|I put up|Finally:] the photos [from {day}|of the party|of the baby|from the lake]: {site} [The"
        " password is the dog's name.|The one with the hat is great.|Which shall I print?|{name} looks like a film"
        " star.]",
        "I [signed up|ordered mine|booked] here, {site}, it was [free|half price|cheap] with the"
        " [student|club|family] card. [Only if you need a {item}.|No rush.|Ask {name} about it.|Ours works fine.]",
        "[The map|The menu|Our seating plan|The song list] for [{day}|the trip|the party] is at {site}, [add what"
        " you bring|tell me what you think|no login needed]. [See you there.|{name} did the drawing.|]",
    ),
    "hard-shared-bill": (
        "You still owe me £## for the [pizza|taxi|tickets|{meal}] [from {day}|last week], [same account as"
        " always|cash is fine, too|no hurry]. [Your lovely sister.|It was worth it.|{name} has paid already.]",
        "[We collect|I'm collecting] £# each for [{name}'s leaving present|the flowers|the cake|the coach's gift],"
        " [bring it on {day}|the box is on my desk|coins are fine]. [Sign the card, too.|Thanks all.|No pressure.]",
    ),
    "hard-urgent": (
        "URGENT call me please, [{kin} is in hospital|I locked myself out|the school phoned|the washing machine is"
        " flooding us|I can't find {name}], I'm at {place}. [Or ring {kin}.|My usual number.|Bring the spare key.|]",
        "[Last chance|Only today|Hurry]: [{name}'s play is at {time}|the [lemon|apple|carrot] cake is nearly"
        " gone|the sun is out|the bakery gives away [rolls|buns|fresh pretzels]], [come to {place}|leave the"
        " office|bring the kids]! [We wait.|Don't miss it.]",
    ),
    "hard-old-number": (
        "Hi {kin}, my phone [fell in the water|is at the repair shop|has a broken screen|is nearly dead], so [don't"
        " wonder if I don't answer|use the landline|ring {name} instead]. [Back {when}.|Same number as ever.|I need"
        " nothing.|See you for dinner.]",
        "[Got my phone back|The new phone works], [the number is the old one|same number|all my photos are safe]."
        " [Are you home {soon}?|Can you help me set it up?|Write to me as always.|I'll come round at {time}.]",
    ),
}

FORMAL = {
    "school-notice": (
        "[Year #|Class #B|The school office]: [parents' evening|the school play|the swimming lesson|the trip to the"
        " museum|sports day] is on {weekday} at {clock}. [Please be on time.|Bring a packed lunch.|Meet in the"
        " hall.|Uniform as usual.|Collect the children at {clock}.]",
        "Dear parents, [there is no school|the kitchen is closed|the bus leaves early|photos are taken] on"
        " {weekday}. [Please plan ahead.|The office is open until {clock}.|Sandwiches are welcome.|Thank you for"
        " your patience.]",
    ),
    "appointment": (
        "Reminder: your [appointment|check-up|eye test|vaccination] with [Dr|Nurse] {surname} is on {weekday} at"
        " {clock}. [Reply 1 to confirm, 2 to cancel.|If you cannot come, please ring the practice.|Bring a list of"
        " your medicines.|Please bring your letter.|Arrive five minutes early.]",
        "[The dentist|The vet|The optician|The hairdresser] [expects you|has moved your appointment|can see you] on"
        " {weekday} at {clock}. [Call us if that does not suit you.|Reply C to cancel.|We look forward to seeing"
        " you.|Parking is behind the house.]",
    ),
    "ready-to-collect": (
        "Your [glasses are|prescription is|blood test is|repaired phone is|passport photos are|dry cleaning is]"
        " ready to collect at {public}. [Open until {clock}.|Bring this message.|No appointment needed.|Closed on"
        " {weekday}.|Please bring the receipt.]",
        "{shop}: your {item} [has come in|is ready|waits at the service desk]. [We keep it until {weekday}.|Please"
        " bring your order number.|We are open from {clock}.|Paid in full, thank you.]",
    ),
    "login-code": (
        "{code}{code} is your [login|verification|sign-in|confirmation|one-time|security] code for {service}. [It"
        " ends in 10 minutes.|Never share it.|We will never ask you for it.|Not you? Then ignore this message.|Type"
        " it where you began.|Valid until {clock}.][ Sent to your [phone|tablet|watch].| Device: [laptop|tablet|new"
        " phone].|]",
        "[Use|Enter|Type] {code}{code} to [sign in to|confirm your new device at|finish your payment at|reset your"
        " settings at] {bank}. [Do not give this code to anyone, not even to us.|If it was not you, open the app.|It"
        " works once, for five minutes.|Our staff will never ask for it.|Keep it to yourself.]",
    ),
    "real-delivery": (
        "{courier}: your [parcel|order|{item}] from {shop} [arrives|will be with you|comes] on {day} between {span}."
        " [Nothing to do.|Nobody home? We leave it next door.|Follow it in the app.|The driver is {name}.|There is"
        " nothing to pay.]",
        "Your [order|{item}] [has left our shop|is on its way|was handed to {name} at the door|is in your parcel"
        " box]. Thank you for buying at {shop}! [Details are in your account.|Returns are free for 30 days.|Enjoy"
        " it.|]",
    ),
    "real-bank": (
        "{bank}: [card payment|direct debit|transfer|standing order] of £{money} to {shop} on {day}. [Not you? Open"
        " the app and block the card.|Your balance is in the app.|No action is needed.|Questions? Use the number on"
        " your card.]",
        "{bank}: your [[statement|savings summary|yearly summary] is ready in the app|new card [was posted on"
        " {day}|can be collected at the branch|is active now]|standing order was changed as you asked|address was"
        " changed as you asked]. [Log in as usual.|No action is needed.|Questions? Ask at the branch.|We never send"
        " links.|The branch is open until {clock}.]",
    ),
    "library": (
        "[Library|Town library|School library|Mobile library]: the [book|film|atlas|board game] you reserved [is"
        " here|has come back|waits for you]. [We keep it until {weekday}.|Ask at the desk.|Bring your library"
        " card.|Open until {clock}.]",
        "Library: [# items are|one item is] due on {weekday}. [Renew in the app or at the desk.|Somebody is waiting"
        " for it.|The letter box is open all night.|There is no fine yet.]",
    ),
    "building-notice": (
        "[House manager|Building office|{utility}]: the [water will be off|electricity will be off|heating will be"
        " off|lift will be serviced] on {weekday} between {span}. [Sorry for the trouble.|Thank you for your"
        " patience.|Please tell your neighbours.|Nothing you need to do.|With small children or ill people at home,"
        " call us.]",
        "[The chimney sweep|The window cleaner|The gardener|The meter reader] comes to [the building|flats 1 to"
        " #|the back yard] on {weekday} from {clock}. [Please open the gate.|Nothing to pay.|Move your bikes.|You"
        " need not be at home.]",
    ),
    "club": (
        "[Choir: we [sing|rehearse]|Book club: we [meet|talk about chapter #]|Chess club: we [play|start]|Allotment"
        " society: we [dig|plant beans]] on {weekday} at {clock} [in the town hall|at {public}|in room #]. [New"
        " members welcome.|Bring a mug.|{name} has the keys.|Chairs need carrying.]",
        "[Your class|Aqua fit|Pottery|The beginners' course] on {weekday} [is cancelled|moves to {clock}|has a place"
        " for you|is with {name}]. [Sorry for the short notice.|Questions? Ask at the desk.|Please tell the"
        " others.|Your ticket stays valid.]",
    ),
    "petition": (
        "Neighbours' meeting about [the bus line|the playground|a crossing at {place}|the noise] on {weekday} at"
        " {clock}. [Lists to sign on paper only.|{name} speaks first.|Children are welcome.|Tea and biscuits after.]",
    ),
    "polling-station": (
        "Your polling station [is|has moved to] [the primary school|the town hall|the church hall|the sports hall],"
        " open on {weekday} from 07:00. [Bring photo ID.|You do not need the letter.|Ramps at the side door.|Open"
        " until 22:00.]",
    ),
    "hard-fraud-class": (
        "[Talk|Evening|Workshop] on fraud on {weekday} at {clock}, [at the library|in the town hall|in the school"
        ' hall|at the health centre]: bring [a fake invoice|a prize letter|the last "your account is blocked" text|a'
        " message from a prince] you got. [We look at links, nobody clicks.|No passwords needed.|Free tea and"
        " cake.|Win nothing, learn a lot.|Grandparents welcome.]",
    ),
    "hard-bank-warning": (
        "{bank}: we never ask for your [password|PIN|card number|full code|passcode] [by phone|by text|by email|at"
        " your door|in a chat]. [If someone asks you, hang up.|Delete such messages.|Ring the number on your"
        " card.|Nobody needs to move money to be safe.]",
        "[Your bank|The tax office|The police|{utility}] will never [send a link to log in|ask for gift"
        " cards|collect your card|offer a refund by text|threaten you with arrest|ask you to install an app]. [Hang"
        " up and call us back.|Do not reply, do not click.|Talk to someone you trust first.|Read more in the"
        " branch.|Urgent pressure is a sign of fraud.]",
    ),
}

UNSEEN = ("petition", "polling-station", "hard-fraud-class")

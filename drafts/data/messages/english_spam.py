"""English messages that one wants to be spared: templates by kind."""

CHAT = {
    "fake-family": (
        "Hi {parent}, [I broke my phone|this is my new number|my old phone is dead], [can you pay a bill for me?|I"
        " need £{money} today.|could you transfer something for me?] [I pay you back {when}.|My bank app does not"
        " work here.|It is for the {sum}.|I'll send you the account.]",
        "{parent} it's me, [don't ring, the speaker is broken|I'm in trouble|I can't talk now]. [I need|Please lend"
        " me|Send me] £{money} [for the landlord|for a new phone|before {time}|to this account]. [I explain"
        " later.|You get it back {soon}.|It is urgent.]",
    ),
    "job-offer": (
        "[Earn|Make|Take home] £{money} a [day|week|weekend] from [home|your sofa|your phone], [no experience"
        " needed|two hours a day|start at once|just like videos]. [Message {mobile}|Reply JOB|Write to {name} on"
        " {mobile}|Join at {link}].",
        "I'm {name} from the HR team of {shop}. [We saw your profile|You were recommended to us|We have # places"
        " left]: [£{money} a day|flexible hours|paid every evening]. [Add me on {mobile}|Deposit £30 for the"
        " training at {link}|Send your ID and bank details].",
    ),
    "crypto": (
        "[My mentor|This robot|Our group|A simple trick] turned £{money} into £{big} [in a week|while I slept|in ##"
        " days]. [Join free|Last places|Learn how|Ask {name}]: {link}",
        "[Bitcoin|A new coin|This token] [goes to the moon|will rise ten times|explodes] {when}, [insiders know|our"
        " signals group guarantees it|{name} the expert shows you how]. [Start with £{money}|Deposit {hurry}|No"
        " risk]: {link}",
    ),
    "romance": (
        "Hi [dear|handsome|sweetie|lonely heart], I [saw your photo|found your profile|live near you] and [can't"
        " stop thinking of you|I think we match|I want to meet you {when}]. [Write me|More pictures|My private"
        " chat|Talk to me] at {link}",
        "[I am|My name is] {name}, [## and single|a nurse abroad|a widow with a warm heart], [looking for true"
        " love|tired of being alone|your smile caught me]. [Answer me on {mobile}|See my photos: {link}|Only serious"
        " men please, {link}].",
    ),
    "stock-tips": (
        "[Professor|Coach|Analyst] {surname} [shares|gives away|reveals] [three shares|one stock|his method] that"
        " [will double|cannot fall|banks hide from you]. [Free group|Ask the assistant|Join {hurry}]: {link}",
        "[Members|Our students|Readers] made {code}% [last month|since {day}|in one trade]. [Your seat is kept until"
        " {time}|Put in £{money} and watch|We trade for you, you relax]. [Guaranteed.|Reply IN.|Chat on {mobile}.]",
    ),
    "casino": (
        "[### free spins|A £{money} bonus|Double money] [for new players|without deposit|on your first bet]"
        " [{hurry}|this {day}|tonight only]! [Play|Spin|Bet] at {link}",
        "{name} won £{big} [on the rocket game|at roulette|with one spin] [last night|on {day}|from the bus]. [You"
        " could be next|Same trick, same game|The machine is paying right now]: {link}",
    ),
    "followers": (
        "[Get|Buy|Grow] {code} [followers|likes|views|five-star reviews|subscribers] for £{small}, [real"
        " people|delivered in an hour|no password needed|top quality]. [Order|Try|See prices|Start] at {link}["
        " {hurry}|]",
        "[University degree|Driving licence|Language certificate|Doctor's note] [without exams|in three"
        " days|registered and genuine]. [No questions|Discreet post|Pay half now], [message {mobile}|see {link}].",
    ),
    "cheap-goods": (
        "[Brand-name|Designer|Original] [watches|trainers|handbags|sunglasses|headphones] [90% off|from £{small}|at"
        " factory price] {hurry}. [Warehouse closing|Only ## left|Customs mistake]: {link}",
        "[Tickets|VIP tickets|Two front seats] for the [sold-out concert|cup final|festival] at half price,"
        " [transfer to {name}|no meeting|by email after payment]. [Message {mobile}|Pay {hurry}|Many people ask],"
        " {link}",
    ),
    "pet-sale": (
        "[Sweet|Lovely|Tiny] [puppies|kittens|parrots] free [to a good home|to nice people|because we move], [you"
        " pay only transport|just cover the vaccines|delivery £{money}]. [Send the fee to {name}|Reserve at"
        " {link}|Write {mobile}, first pays first gets].",
        "The [puppy|kitten|pony] is [at the airport|with the carrier|ready to travel], only £{money} for [the"
        " crate|the insurance|a permit] is [missing|unpaid|still open]. [Pay {hurry}|Use gift cards|It gets"
        " refunded]: {link}",
    ),
    "hard-new-number": (
        "[Hello|Hi|Hey] {kin}, it's me. My phone [fell in the water|was stolen|went through the wash|is smashed],"
        " [this is my new number|please save this number[ and delete the old one|]|I'm writing from a new one]. [Are"
        " you at home?|Can you help me with something later?|I have a small favour to ask.|Text me here when you see"
        " this.]",
        "[Guess who|It's your eldest|Your favourite child here]! [New number|Use this number from now on|Old number"
        " is gone], {parent}. [Are you busy?|Don't ring, just write.|I need to ask you something.|Please don't tell"
        " {name} yet.]",
    ),
    "hard-boss": (
        "{name}, are you at your desk? I'm in a [meeting|conference|board call|workshop] and cannot talk. [I need"
        " you to buy some cards for a client, keep it between us.|Please handle a payment for me before"
        " {time}.|Write to me on this number, don't ring.|It must be done quietly.]",
        "[Morning|Hello|Hi|Quick one] {name}, it's {name}[ from the top floor|, your director| from management|, the"
        " new CEO]. [Are you free for a discreet task?|I want to surprise the team with vouchers, can you get"
        " #?|Which supplier do we pay {when}? Use the new details.] [Quick, please.|I'll sign it later.|Nobody else"
        " knows.|Answer by text.]",
    ),
    "hard-wrong-person": (
        "[Hi {name}|Hello {name}], [wasn't it lovely at {place}|are we still on for {outing} {when}|did the dog take"
        " his medicine|have you landed safely]? [Oh, is this not {name}? You seem kind, what is your name?|So sorry,"
        " my assistant gave me the wrong number. Where do you live?|Wrong contact! But perhaps it is fate, shall we"
        " stay in touch?]",
        "[My assistant saved you as {name} the vet.|I think we met at a wine tasting.|Is this {name} from the riding"
        " club?] [Sorry to bother you, you are so polite.|What a funny mistake.|I'm new in town, from Singapore.]"
        " [What do you do for work?|Are you into investing, by the way?|May I keep your number?]",
    ),
    "hard-flat-abroad": (
        "The [flat|studio|cottage|room] near [the station|the park|the harbour|the university|the market|the old"
        " bridge] is still free, £{money} a month [with everything|with a garden|fully furnished]. I am [abroad|on a"
        " ship|with a mission overseas], so [send the deposit first and the keys come by post|you cannot visit, but"
        " a small deposit keeps it for you|pay two months and my agent brings the keys]. [Kind regards, {name}.|God"
        " bless.|]",
    ),
    "hard-kind-buyer": (
        "Hello, is the {item} still [for sale|available]? I [will take it|will pay the full price|can add £20 for"
        " you]. [My courier collects it, you only pay his insurance first.|I sent too much by mistake, please return"
        " the difference to my driver.|I can't come, just tell me the numbers on your card and the money is there.]"
        " [Thanks, {name}.|Hope all is well.|]",
    ),
    "hard-accident": (
        "{parent}, don't be frightened, [I had a little accident|I am with the police|I hit somebody's car]. [I'm"
        " fine, but|Nobody is hurt, only] [they keep me here|I can't go home before it is settled|the man wants it"
        " settled today]. [A gentleman comes round at {time}, give him what you have at home.|Can you go to the bank"
        " quietly?] [Don't tell {name}, please.|I'm so ashamed.|Please don't cry.]",
    ),
    "hard-code-favour": (
        "[Hey|Hi {name}|Hello dear|Hi, it's {name}], I [sent you six digits by mistake|put your number in by"
        " accident|am locked out and chose you as a friend], can you [pass them to me|read me what you got|tell me"
        " the digits]? [Quick, it runs out.|Sorry for the trouble.|I owe you one.|]",
        "[My niece|Little {name}|My daughter] is in a [dance|drawing|baby photo|singing] contest, [can you vote for"
        " her?|we need ten more votes.|every vote counts!] [You get some digits, send them to me.|Just sign in with"
        " your account here, {site}|First send me the number they text you.] [Thank you!|]",
    ),
}

FORMAL = {
    "prize": (
        "[CONGRATULATIONS|Winner|Great news|Final notice]! You [have won|were chosen for|are entitled to|can"
        " collect] {prize}. [Claim|Get it|Confirm|Collect] at {link}[ {hurry}|]!",
        "{shop} thanks its customers: your [free gift|reward|voucher of £{money}|mystery box] is waiting. {act}"
        " {link}[ {hurry}|]",
    ),
    "lottery": (
        "Your [number|email|SIM card|phone] was drawn in our [weekly|yearly|global|spring] lottery: £{big}. [Call"
        " {freephone} to claim|Reply YES with your name and address|Fee of £{small} at {link}|Quote ref {code} to"
        " agent {surname}].",
        "[Ticket {code}|Lucky code {code}|Your ticket]: [second place|jackpot|prize category A], £{big}. [Pay the"
        " stamp duty|Send a copy of your ID|Give your bank details] [{hurry}|to Mr {surname}|on {freephone}] or the"
        " prize is lost.",
    ),
    "fake-bank": (
        "{bank}: your [account|card|online banking|mobile app] [has been locked|shows unusual activity|will be"
        " closed {when}|must be updated]. [Verify|Confirm your data|Log in|Enter your PIN] at {link}[ {hurry}|]",
        "[Security notice|ALERT|{bank}]: a [payment|transfer|withdrawal] of £{money} to {name} is [pending|on"
        " hold|waiting]. Not you? [Cancel|Stop it|Block it] here: {link}",
    ),
    "fake-delivery": (
        "{courier}: your [parcel|{item}|package] is held because of [an unpaid fee of £{small}|a wrong address|a"
        " missing house number|customs]. [Pay|Correct it|Release it|Update your details] at {link}[ {hurry}|]",
        "We [missed you|could not deliver|came to you] on {day}. [Book a new date|Choose a time|Avoid its return]"
        " for [a small fee|£{small}|the cost of postage]: {link}",
    ),
    "loan": (
        "[Need cash|Bills piling up|Bad credit|Money troubles|Turned down elsewhere]? £{money} in your account"
        " [today|by {time}|in an hour], [no checks|no questions|approved at once|no guarantor]. [Apply|Call"
        " {freephone}|Go to {link}|Reply LOAN].",
        "Your [loan|credit|mortgage] of £{big} is [approved|ready|waiting for you]. [Pay the insurance of £##"
        " first|Send us a card number|Confirm your details {hurry}|Only a release fee is due]: {link}",
    ),
    "miracle-cure": (
        "[Lose|Burn|Drop] [5|10|12] kilos in [two weeks|a month|## days] without [diet|sport|hunger]! [Doctors hate"
        " it|Natural drops|Only {when}|As seen on TV], order at {link}",
        "[Knee pain|Diabetes|Grey hair|Bad eyes|Snoring] gone in [one night|a week|## days] with [this root|our"
        " gel|one spoon a day]. [First box free|Pharmacies hide it|Throw your pills away]: {link}",
    ),
    "fake-invoice": (
        "[Invoice|Reminder|Final demand] {code}: £{money} for [antivirus renewal|domain registration|your advert|a"
        " data backup] is [overdue|debited {when}|open]. [Not ordered? Call {freephone}|Dispute at {link}|Pay"
        " {hurry} to avoid court].",
        "Dear customer, [our bank details have changed|please use the new account|the old account is closed]: pay"
        " [invoice {code}|the open £{money}|your rent] to [{name} {surname}|the account in the file|{link}]"
        " [{hurry}|from now on].",
    ),
    "subscription-trap": (
        "Your [free trial|subscription|premium plan|horoscope club] [ends|renews] {when} and £{money} will be"
        " charged. [Cancel|Stop it|Unsubscribe] at {link} or call {freephone}.",
        "[Only £{small}|One pound|Free] for [a phone|a coffee machine|{prize}], [just pay postage|just enter a"
        " card|thank you for shopping]! [Trial turns into £{money} a month|Confirm {hurry}|Last stock]: {link}",
    ),
    "charity-fraud": (
        "[Children|Families|Puppies|Old people] are [hungry|freezing|dying] after the [storm|flood|earthquake|fire]."
        " Give £{money} now, [every minute counts|we trust in you|{name} is only #]: {link} or by card on"
        " {freephone}",
        "[Rescue fund|Hope foundation|Animal angels]: [your gift|£{money}|one card payment] saves [a child|a dog|a"
        " village] {hurry}. [Gift cards welcome|Crypto welcome|No receipt needed]: {link}",
    ),
    "tax-refund": (
        "[Tax office|Revenue|Tax service]: you [have a refund of|overpaid|are owed] £{money}.##. [Claim it|Enter"
        " your card|Confirm your account|Fill in the form] [{hurry}|within 48 hours]: {link}",
        "[Council tax|Energy rebate|Cost of living payment]: [£{money} is waiting|you qualify|your claim is"
        " incomplete]. [Apply|Submit your bank details|Verify your ID] at {link}[ {hurry}|]",
    ),
    "virus-alert": (
        "Your [phone|computer|tablet] has [#|##] [viruses|threats|trojans]! [Clean it now|Install protection|Scan"
        " for free]: {link} [Your photos are in danger.|Your bank details are leaking.|Act {hurry}.|]",
        "[Support|Technical department|Service desk]: your [licence|computer|router] [sends errors|is infected|will"
        " stop {when}]. [Call {freephone}|Let us connect|Install our tool from {link}] [{hurry}|before you lose your"
        " files].",
    ),
    "account-locked": (
        "{service}: [your account was suspended|your payment failed|your [profile|account] will be deleted"
        " {when}|there is a new login from abroad|your membership has run out]. [Restore|Update your card|Confirm it"
        " is you] at {link}[ {hurry}|]",
        "[Someone|A user|{name}] [reported your page|signed in as you|copied your photo] on {service}. [Appeal|Log"
        " in|Enter your password] [{hurry}|or lose your account]: {link}",
    ),
    "fake-police": (
        "[Police|Court office|National crime desk]: [a warrant|a case|a charge] against you [is open|starts"
        " {when}|names your bank account]. [Call {freephone}|Pay £{money} bail at {link}|Press 1] [{hurry}|and tell"
        " nobody].",
        "[Border force|Immigration|Customs]: [a parcel in your name|your passport number|your visa] [is linked to"
        " crime|was flagged|has expired]. [Buy vouchers for £{money}|Transfer your savings to a safe account|Confirm"
        " your ID at {link}] {hurry}.",
    ),
    "survey": (
        "[Answer # questions|Rate {shop}|Tell us about {shop}] and [get|win|keep] {prize}! [Takes a minute|Only ##"
        " left|Just pay £{small} shipping]: {link}",
        "You are [today's|our|the] [lucky visitor|100th guest|chosen shopper]: [short survey|one question|three"
        " clicks], {prize}. [Start|Go|Begin] {hurry} at {link}",
    ),
    "energy-rebate": (
        "{utility}: [you paid too much|your bill was wrong|a rebate of £{money}] [last winter|this year|for meter"
        " {code}]. [Claim|Enter your card|Log in with your bank] {hurry}: {link}",
        "{utility}: [supply stops {when}|you will be cut off {when}|your contract ends {when}], [£{money}"
        " unpaid|payment failed|card refused]. [Settle|Pay|Avoid it] [{hurry}|in two clicks] at {link}",
    ),
    "missed-call": (
        "You have [a new voicemail|one missed call|# private messages|## missed calls] from [{name}|a secret"
        " admirer|an unknown person]. [Listen|Hear it|Read it]: {link} [or call 0909 879 0###, £{small} a minute|]",
        "[Someone|A person near you|An old friend|A neighbour] [has a crush on you|asked about you|left you a"
        " message]. [Find out who at {link}|Reply LOVE {hurry}, £{small} per text|Call 0909 879 0### {hurry}|Read it"
        " at {link}].",
    ),
    "holiday-club": (
        "[Two weeks|A cruise|Seven nights] in [the sun|Florida|the Maldives|a palace] [free|for £{money}|90% off]"
        " for [you and {name}|the first ## callers|our guests]. [Pay the taxes|Book|Hold it with a card] {hurry}:"
        " {link}",
        "[Timeshare|Holiday club|Resort office]: [a buyer offers £{big}|we sell your week|your points expire"
        " {when}]. [Only a fee of £{money}|Card needed to release it|Call {freephone}], [{link}|ask for Mr"
        " {surname}|{hurry}].",
    ),
    "hard-polite-bank": (
        "Good [morning|afternoon|evening], [this is|you are speaking with|I am] [{name} {surname}|Mrs"
        " {surname}|{name}] from {bank}. [For your safety we move your savings to a new account today.|A colleague"
        " will come by to collect your old card.|Somebody at your branch is not honest, please help us.|We need you"
        " to make a small test payment.] [Please keep your line free.|Have your card ready.|Speak to nobody at the"
        " branch.|]",
        "[Good morning|Dear Mrs {surname}|Dear Mr {surname}], our [officer|driver|young colleague] {name} will be"
        " with you at {clock}. [Please put the card and the PIN in an envelope.|Kindly have the cash counted.|Hand"
        " him the jewellery for safekeeping.|Give him the book with your passwords.] [Thank you for your"
        " trust.|Please tell nobody.|]",
    ),
    "inheritance": (
        "I am the [lawyer|banker|executor|notary] of a late [relative|cousin|namesake] of yours who left £{big}."
        " [Answer in confidence|A small charge opens the file|Send your passport|Half is yours], {freephone}["
        " {hurry}|]",
    ),
    "parking-ticket": (
        "Unpaid [parking ticket|toll|clean air charge] {code}: £{money} if paid by {day}, double after that."
        " [Settle|Appeal or settle|See the photo] at {link}",
    ),
    "blackmail": (
        "I [was in your camera|have your passwords|know what you watch]. [Send|Transfer|Pay] £{money} in"
        " [bitcoin|gift cards|coins] {hurry} or [{name} sees it|all your contacts get the video|I publish it].",
    ),
}

UNSEEN = ("inheritance", "parking-ticket", "hard-accident")

/**
 * What password crackers try first, as far as it is long enough to pass the rule of fifteen characters; and the words
 * of which longer ones are commonly put together. In lower case, without spaces and signs. Drawn from the patterns of
 * public breach statistics; a list of a million would add nothing, as nearly all of it is shorter than fifteen.
 */
// prettier-ignore
const LONG = `
123456789012345 1234567890123456 12345678901234567890 123456789123456789 1234567891234567 0123456789012345
000000000000000 111111111111111 987654321987654321 qwertyuiopasdfghjkl qwertyuiopasdfg
qwertyuiopasdfghjklzxcvbnm 1qaz2wsx3edc4rfv 1qaz2wsx3edc4rfv5tgb zaq12wsxcde34rfv qazwsxedcrfvtgb
qazwsxedcrfvtgbyhnujm 1q2w3e4r5t6y7u8i9o0p q1w2e3r4t5y6u7i8 asdfghjklqwertyuiop zxcvbnmasdfghjkl
abcdefghijklmno abcdefghijklmnopqrstuvwxyz abcdefg1234567 passwordpassword password123456789 password1234567
mypasswordisstrong thisismypassword thisisapassword iforgotmypassword correcthorsebatterystaple
letmeinletmein letmeinpleaseletmein iloveyouiloveyou ilovemyfamily123 iloveyousomuch trustno1trustno1
changemechangeme administratoradministrator welcomewelcome welcometothejungle supercalifragilistic
supercalifragilisticexpialidocious thequickbrownfox thequickbrownfoxjumpsoverthelazydog manchesterunited
liverpoolfootballclub starwarsstarwars maytheforcebewithyou opensesameopensesame onetwothreefourfive
todayisagoodday nevergonnagiveyouup ilikebigbuttsandicannotlie hakunamatatahakuna jesuschristismylord
godisgoodallthetime inthenameofthefather welkomwelkom welkom2024welkom wachtwoordwachtwoord
ditismijnwachtwoord mijnwachtwoordis amsterdamamsterdam motdepassemotdepasse monmotdepasse123 jetaimejetaime
bonjourbonjour azertyuiopqsdfghjklm azertyuiopqsdfg securitysecurity surveillancecamera cctvcctvcctvcctv
hikvisionhikvision hikvision12345 dahuadahuadahua admin1234567890 adminadminadmin rootrootrootroot
testtesttesttest userpassworduserpassword guestguestguest camera1camera2
`;
// prettier-ignore
const WORDS = `
password passw0rd passwort wachtwoord motdepasse wachtw00rd passwd secret geheim welcome welkom bienvenue
bonjour hallo hello admin administrator root user guest test login letmein changeme default master system
access security beveiliging securite camera cameras cctv video nvr dvr hikvision dahua axis frigate recorder
fortnight office kantoor bureau entrance ingang entree hall qwerty qwertyuiop azerty azertyuiop asdfgh
asdfghjkl zxcvbn zxcvbnm qazwsx 1qaz2wsx 1q2w3e4r 1q2w3e4r5t zaq12wsx abc abcd abcdef abc123 123 1234 12345
123456 1234567 12345678 123456789 1234567890 0123456789 987654321 87654321 7654321 654321 54321 iloveyou
ilove you love jetaime monkey dragon sunshine princess football baseball superman batman shadow michael
jordan january february march april may june july august september october november december januari
februari maart mei juni juli augustus oktober janvier fevrier mars avril juin juillet aout septembre octobre
decembre monday tuesday wednesday thursday friday saturday sunday spring summer autumn winter lente zomer
herfst printemps hiver my mijn mon is the this dit and en et
`;

export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(LONG.trim().split(/\s+/));
export const COMMON_WORDS: readonly string[] = WORDS.trim().split(/\s+/);

/**
 * Words that make an answer doubtful, by language: negations, limits and comparisons. To add a language, add a row.
 * An unnecessary word only makes the program ask a question again. A missing word can lead to a wrong value.
 */
import { wholeWords } from "./wording.ts";

/**
 * Words of one language, as alternatives of a regular expression. They are in lower case; `_` matches any
 * space.
 */
type DoubtWords = Readonly<{
  language: string;
  /** Words that make a value doubtful anywhere in its clause. */
  anywhere: string;
  /**
   * Words that make a value doubtful only if they are right before it. Elsewhere they are mostly harmless:
   * "over".
   */
  before?: string;
  /** Answers that take back a value just before them: "Toxic? No." */
  no?: string;
  /** Answers that confirm a question: "Toxic? Yes." */
  yes?: string;
  /**
   * Words that always begin a new clause. Do not add a word that can also be inside a clause: the doubts
   * before it would be ignored.
   */
  joins?: string;
}>;

const TOO = "high|low|much|strong|harsh|severe|generous|lenient|extreme|far|weak|mild";
const LIMIT = "more|less|fewer|higher|lower|greater|above|below|over|under|better|worse|up|upwards?|beyond";

const LANGUAGES: readonly DoubtWords[] = [
  {
    language: "English",
    anywhere:
      "not|never|neither|nor|hardly|scarcely|barely|rarely|seldom|cannot|no|none|nothing|nobody|nowhere|without|non|" +
      "lack(?:s|ing)?|fail(?:s|ed|ing)?_to|un(?:likely|able)|impossible|doubt(?:s|ful)?|unless|only_if|if_not|" +
      "\\p{L}{1,9}n['’‘ʼ`´]t|(?:is|are|was|were|do|does|did|has|have|had|wo|would|could|should|ca|ai)nt|" +
      "(?:any|every)thing_but|(?:other|rather)_than|instead_of|opposed_to|except|exclud(?:e|es|ed|ing)|" +
      "reject(?:s|ed|ing)?|rul(?:e|es|ed|ing)_out|far_from|short_of|fall(?:s|ing)?_short|exceed(?:s|ed|ing)?|than|" +
      `at_(?:the_|a_)?(?:very_)?(?:least|most|best|worst|min(?:imum)?|max(?:imum)?)|too_(?:${TOO})|` +
      `or_(?:${LIMIT})|and_(?:${LIMIT}|(?:(?:a|an|one)_)?(?:half|quarter|third))`,
    before:
      "above|below|over|under|beyond|between|within|from|until|till|up_to|close(?:r)?_to|near|nearly|almost|" +
      "north_of|south_of|min|minimum|max|maximum|(?<!more_or_)less|least|more|borderline|or",
    no: "no|nope|not|never|false|wrong|incorrect|\\p{L}{1,9}n['’‘ʼ`´]t",
    yes: "yes|yeah|yep|true|correct|indeed|certainly|definitely|absolutely",
    joins:
      "because|since|so_(?:i|it|the|this|my)|so(?=\\s+\\d)|but|although|though|while|whereas|therefore|hence|thus|" +
      "and_(?:i|it|the|this|my|so|thus|therefore)|as_(?:it|there|this)",
  },
  {
    language: "German",
    anywhere:
      "nicht|kein(?:e[nrms]?)?|niemals|nie|weder|ohne|kaum|nichts|mindestens|wenigstens|höchstens|maximal|" +
      "minimal|(?:mehr|weniger|höher|niedriger|größer|kleiner|anderes)_als|oder_(?:mehr|weniger|höher|niedriger)",
    before: "über|unter|ab|bis|bis_zu|zwischen|fast|knapp|beinahe|oder",
    no: "nein|nicht|falsch",
    yes: "ja",
    joins: "weil|denn|aber|obwohl|sondern",
  },
  {
    language: "French",
    anywhere: "n['’]\\p{L}+|ne|pas|jamais|aucun(?:e)?|sans|ni|guère|au_(?:moins|plus|minimum|maximum)|" +
      "(?:plus|moins)_(?:de|que|d['’]un)|(?:supérieur|inférieur)e?_à|plutôt_que|ou_(?:plus|moins)",
    before: "entre|presque|jusqu['’]à|ou",
    no: "non|pas|jamais|faux",
    yes: "oui",
    joins: "car_(?:il|elle|le|la|les|ce|c['’]est)|mais|donc|parce",
  },
  {
    language: "Spanish",
    anywhere:
      "nunca|jamás|ni|sin|tampoco|ning[uú]n(?:a|o)?|nada|al_menos|por_lo_menos|como_(?:mucho|máximo|mínimo)|" +
      "(?:más|menos)_(?:de|que)|(?:mayor|menor)_(?:que|a|de)|(?:superior|inferior)_a|o_(?:más|menos)",
    before: "entre|casi|hasta|desde",
    no: "no|nunca|falso",
    yes: "sí|si",
    joins: "porque|pero",
  },
  {
    language: "Italian",
    anywhere:
      "non|mai|né|senza|nessun(?:o|a)?|niente|almeno|al_(?:massimo|minimo|più|meno)|(?:più|meno)_(?:di|che)|" +
      "(?:superior|inferior)e_a|o_(?:più|meno)",
    before: "quasi|tra|fra|oltre|sotto|sopra",
    no: "no|non|falso",
    yes: "sì",
    joins: "perché|ma",
  },
  {
    language: "Portuguese",
    anywhere:
      "n[ãa]o|nem|sem|nenhum(?:a)?|nada|pelo_menos|no_(?:máximo|mínimo)|(?:mais|menos)_(?:de|do|que)|" +
      "(?:maior|menor)_(?:que|do)|ou_(?:mais|menos)",
    before: "quase|até|acima|abaixo",
    no: "n[ãa]o",
    yes: "sim",
    joins: "mas|pois",
  },
  {
    language: "Dutch",
    anywhere: "niet|geen|nooit|zonder|nauwelijks|niets|minstens|minimaal|maximaal|hoogstens|hooguit|" +
      "ten_(?:minste|hoogste)|(?:meer|minder|hoger|lager)_dan|of_(?:meer|minder|hoger|lager)",
    before: "bijna|tussen|boven|onder",
    no: "nee|niet",
    joins: "omdat|maar",
  },
  {
    language: "Scandinavian languages",
    anywhere: "inte|ikke|ikkje|aldrig|aldri|ingen|utan|uden|uten|minst|mindst|högst|højst|høyst|" +
      "(?:mera?|mere|mindre|högre|højere|høyere|lägre|lavere)_(?:än|end|enn)|eller_(?:mera?|mere|mindre)",
    before: "nästan|næsten|nesten|mellan|mellem|mellom|över|eller",
    no: "nej|nei|inte|ikke",
    yes: "ja",
  },
  {
    language: "Polish and Czech",
    anywhere:
      "nie|nigdy|ani|bez|żad(?:en|na|ne|nego|nej)|co_(?:najmniej|najwyżej)|(?:więcej|mniej|wyżej|niżej)_niż|" +
      "není|nikdy|nejméně|nejvýše|(?:více|méně)_než",
    before: "prawie|między|ponad|poniżej|powyżej|téměř|mezi",
    no: "nie|ne",
    yes: "tak|ano",
    joins: "ale|ponieważ|bo|protože",
  },
  {
    language: "Greek",
    anywhere: "δεν?|μην?|ούτε|ποτέ|χωρίς|καν[εέ]ν(?:ας|α)?|καμία|τίποτα|τουλάχιστον|το_(?:πολύ|λιγότερο)|" +
      "(?:πάνω|κάτω|περισσότερο|λιγότερο|μεγαλύτερο|μικρότερο)_(?:από|του)|ή_(?:περισσότερο|λιγότερο|πάνω|κάτω)",
    before: "σχεδόν|μεταξύ|ανάμεσα|πάνω|κάτω|έως|μέχρι|ή",
    no: "όχι|λάθος",
    yes: "ναι",
    joins: "γιατί|αλλά|επειδή|διότι|άρα|οπότε",
  },
  {
    language: "Russian and Ukrainian",
    anywhere:
      "не|ни|никогда|без|нельзя|вряд|минимум|максимум|(?:более|менее|больше|меньше|выше|ниже)(?:_чем)?|" +
      "або_(?:більше|менше)|ні|ніколи|(?:більше|менше)(?:_ніж)?",
    before: "почти|между|свыше|от|до|или|майже|між",
    no: "нет|не|ні",
    yes: "да|так",
    joins: "потому|но|поэтому|бо|але",
  },
  {
    language: "Turkish",
    anywhere: "değil|yok|hiç|en_(?:az|fazla|çok)|daha|fazla",
    before: "neredeyse",
    no: "hayır|değil",
    yes: "evet",
    joins: "çünkü|ama",
  },
  {
    language: "Arabic",
    anywhere: "ليس|ليست|لا|لم|لن|غير|بدون|(?:أكثر|أقل|أعلى|أدنى)_من|على_(?:الأقل|الأكثر)",
    before: "بين|أو",
    no: "لا",
    yes: "نعم",
    joins: "لأن|لكن",
  },
  {
    language: "Hebrew",
    anywhere: "לא|אין|אינו|אינה|בלי|לפחות|לכל_היותר",
    before: "בין|או",
    no: "לא",
    yes: "כן",
    joins: "כי|אבל",
  },
  {
    language: "Indonesian and Vietnamese",
    anywhere:
      "tidak|bukan|tanpa|không|chẳng|chưa|ít_nhất|nhiều_nhất|(?:setidak|sekurang)-?(?:nya|kurangnya)?",
    no: "tidak|bukan|không",
    yes: "ya|vâng",
  },
  { language: "Hindi", anywhere: "नहीं|मत|से_(?:अधिक|कम|ज़्यादा)|कम_से_कम", no: "नहीं", yes: "हाँ" },
];

/** Scripts without spaces: these signs count anywhere. */
const SIGNS = {
  anywhere:
    "不|没|沒|非|无|無|未|别|勿|至少|至多|最多|最少|超过|超過|高于|高於|低于|低於|大于|大於|小于|小於|以上|以下|之间|" +
    "ない|なく|ません|未満|超|少なくとも|最大|最小|아니|않|없|못|이상|이하|미만|초과|최소|최대",
  no: "不|不是|否|いいえ|아니요|아니오",
  yes: "是|对|對|はい|네|예",
};

/** Phrases that contain doubtful words but express no doubt. */
const HARMLESS = "no_doubt|without_(?:(?:a|any)_)?doubt|no_question|more_or_less|or_so";

function words(kind: Exclude<keyof DoubtWords, "language">): string {
  return wholeWords(LANGUAGES.flatMap((language) => language[kind] ?? []).join("|"));
}

export const DOUBTS = `${words("anywhere")}|${SIGNS.anywhere}|${words("no")}`;
export const HARMLESS_PHRASES = wholeWords(HARMLESS);
export const DOUBTS_BEFORE = words("before");
export const NO_WORDS = `${words("no")}|(?:${SIGNS.no})`;
export const YES_WORDS = `${words("yes")}|(?:${SIGNS.yes})`;
export const CLAUSE_WORDS = words("joins");

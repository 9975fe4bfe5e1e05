/** The names and words that servers use for errors. */

/**
 * Name of an error → HTTP status. Servers send the name as the code, the type or the reason of the error. `plainName`
 * has shortened it.
 */
const STATUS_OF_NAME: ReadonlyMap<string, number> = new Map(
  ([
    [400, "invalidargument failedprecondition outofrange badrequest badrequesterror invalidrequest"],
    [400, "invalidrequesterror invalidparameter contextlengthexceeded"],
    [
      401,
      "unauthenticated unauthorized unauthorised authenticationerror invalidapikey incorrectapikey autherror",
    ],
    [403, "permissiondenied permissionerror permissiondeniederror forbidden accessdenied"],
    [404, "notfound notfounderror modelnotfound modelnotexist unknownurl"],
    [408, "timeout timeouterror requesttimeout"],
    [409, "conflict aborted"],
    [413, "requesttoolarge payloadtoolarge"],
    [422, "unprocessableentity unprocessableentityerror validationerror"],
    [429, "ratelimitexceeded ratelimiterror ratelimited ratelimitreached ratelimit toomanyrequests"],
    [429, "resourceexhausted throttling throttlingexception throttled enginecapacityexceeded"],
    [429, "throttlingratequota throttlingallocationquota throttlingburstrate limitrequests"],
    [500, "internal internalerror internalservererror servererror apierror unknown"],
    [502, "badgateway badgatewayerror"],
    [503, "unavailable serviceunavailable serviceunavailableerror engineoverloaded engineoverloadederror"],
    [503, "modelloading loading"],
    [504, "deadlineexceeded gatewaytimeout"],
    [529, "overloaded overloadederror modeloverloaded serveroverloaded"],
  ] as const).flatMap(([status, names]) => names.split(" ").map((name) => [name, status] as const)),
);

/** Names that always mean an exhausted quota or credit. */
const QUOTA_NAMES: ReadonlySet<string> = new Set(
  ("insufficientquota insufficientquotaerror insufficientuserquota insufficientcredits insufficientcredit " +
    "insufficientbalance insufficientfunds billinghardlimitreached billinglimitreached billingnotactive " +
    "billingerror exceededcurrentquotaerror creditsexhausted outofcredits paymentrequired paymentrequirederror " +
    "budgetexceeded arrearage accountoverdue spendinglimitreached").split(" "),
);

/** Words that always mean an exhausted quota or credit. */
const QUOTA_WORDS =
  /credit balance is too low|insufficient[ _](?:credits?|balance|funds|quota|account balance)|(?:out of|no (?:more )?|not enough )(?:api )?credits?\b(?! card)|monthly included credits|credits? (?:have |has )?(?:been )?(?:expired|exhausted|used up|depleted)|used all (?:of )?(?:your )?available credits|can only afford|requires more credits|billing hard limit|account is not active|payment required|(?:monthly|your) (?:spending|spend) limit|budget has been exceeded|reached your specified api usage limits|余额不足|欠费/i;

/** Words and names that can mean either an exhausted quota or a rate limit. */
const QUOTA_OR_RATE_WORDS =
  /exceeded your current quota|plan and billing|(?<!disk |storage )quota (?:has been )?(?:exceeded|exhausted)/i;
const QUOTA_OR_RATE_NAMES: ReadonlySet<string> = new Set(["quotaexceeded", "quotaexceedederror"]);

/** Words for the period of a rate limit, such as `per minute`. */
const PERIOD_WORDS =
  /\bper[ _-]?(?:second|minute|hour|day)|per(?:Minute|Hour|Day)|\d ?(?:requests? ?|tokens? ?)?\/ ?(?:s|sec|min|minute|hour|h|day|d)\b|\b[RT]P[MD]\b/i;

const FILTER_NAMES: ReadonlySet<string> = new Set(
  ("contentfilter contentfiltererror contentpolicyviolation responsibleaipolicyviolation moderationblocked " +
    "datainspectionfailed contentmoderation").split(" "),
);
const FILTER_WORDS = /content exists risk|input was flagged|flagged by (?:our )?moderation/i;

/** The parts of an error that decide its kind. */
export type ErrorText = Readonly<{ names: ReadonlySet<string>; words: string; text: string }>;

/**
 * Keeps only letters, in lower case: `RESOURCE_EXHAUSTED`, `ResourceExhausted` and `resource-exhausted` become the
 * same.
 */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, "");
}

export function statusOfName(name: string): number | undefined {
  return QUOTA_NAMES.has(name) ? 402 : STATUS_OF_NAME.get(name);
}

export function isRateNamed({ names }: ErrorText): boolean {
  return [...names].some((name) => STATUS_OF_NAME.get(name) === 429);
}

/**
 * Whether a quota or a credit is exhausted, so that waiting does not help. Some servers use the same sentence for a
 * rate limit. Then they also state a wait, a period or the name of a rate limit.
 */
export function isQuotaUsedUp(error: ErrorText, statesWait: boolean): boolean {
  const { names, words, text } = error;
  if ([...names].some((name) => QUOTA_NAMES.has(name)) || QUOTA_WORDS.test(words)) return true;
  if (statesWait || isRateNamed(error) || PERIOD_WORDS.test(text)) return false;
  return QUOTA_OR_RATE_WORDS.test(words) || [...names].some((name) => QUOTA_OR_RATE_NAMES.has(name));
}

/** Whether the server's filter withheld the prompt or the reply. */
export function isFiltered({ names, words, text }: ErrorText): boolean {
  return [...names].some((name) => FILTER_NAMES.has(name)) || FILTER_WORDS.test(words) ||
    text.includes('"flagged_input"');
}

/** Errors of chat templates that do not support a role. */
const BY_TEMPLATES = [
  /(?:['"`]system['"`]|\bsystem)(?: role| prompts?| messages?| instructions?)\W{0,3}(?:is |are )?(?:currently )?(?:not |un)(?:supported|allowed|enabled|permitted)/i,
  /developer instruction is not enabled/i,
  /roles must alternate/i,
  /only[^.\n]{0,60}\bassistant\b[^.\n]{0,40}\broles?\b[^.\n]{0,20}(?:supported|allowed)/i,
];

/** Errors of servers that do not support a role. */
const BY_SERVERS = [
  /(?:not|n't|no|cannot) (?:have|accept|allow|support)[^.\n]{0,40}\bsystem\b/i,
  /['"`]system['"`][^.\n]{0,20}(?:not|un)[- ]?(?:supported|allowed|permitted|valid)/i,
  /(?:unsupported|invalid|unexpected|unknown|unrecognized)[^.\n]{0,40}\brole\b[^.\n]{0,40}\bsystem\b/i,
  /\brole\b[^.\n]{0,40}\bsystem\b[^.\n]{0,20}(?:not|invalid|unsupported|unknown)/i,
  /(?:should|must) be (?:one of )?\W{0,3}['"`]?user['"`]?(?:,| or)[^\n]{0,20}assistant/i,
  /first message must (?:be|have)[^.\n]{0,30}\buser\b/i,
];

/**
 * Whether a server refuses system messages or the order of the roles. If a template refuses them, some servers send
 * 500.
 */
export function refusesSystemRole(words: string, status: number): boolean {
  const says = (patterns: readonly RegExp[]) => patterns.some((pattern) => pattern.test(words));
  return [400, 422, 500].includes(status) && says(BY_TEMPLATES) ||
    [400, 422].includes(status) && says(BY_SERVERS);
}

/** The names that servers have for what goes wrong. */

/** Statuses by the names that stand for them: codes, types and reasons, in lower-case letters alone. */
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

/** Names of a quota or a credit that is used up, whatever else the server says. */
const QUOTA_NAMES: ReadonlySet<string> = new Set(
  ("insufficientquota insufficientquotaerror insufficientuserquota insufficientcredits insufficientcredit " +
    "insufficientbalance insufficientfunds billinghardlimitreached billinglimitreached billingnotactive " +
    "billingerror exceededcurrentquotaerror creditsexhausted outofcredits paymentrequired paymentrequirederror " +
    "budgetexceeded arrearage accountoverdue spendinglimitreached").split(" "),
);

/** Words of a quota or a credit that is used up, whatever else the server says. */
const QUOTA_WORDS =
  /credit balance is too low|insufficient[ _](?:credits?|balance|funds|quota|account balance)|(?:out of|no (?:more )?|not enough )(?:api )?credits?\b(?! card)|monthly included credits|credits? (?:have |has )?(?:been )?(?:expired|exhausted|used up|depleted)|used all (?:of )?(?:your )?available credits|can only afford|requires more credits|billing hard limit|account is not active|payment required|(?:monthly|your) (?:spending|spend) limit|budget has been exceeded|reached your specified api usage limits|余额不足|欠费/i;

/** Words that can mean a quota that is used up, or a limit by the minute. */
const QUOTA_OR_RATE_WORDS =
  /exceeded your current quota|plan and billing|(?<!disk |storage )quota (?:has been )?(?:exceeded|exhausted)/i;
const QUOTA_OR_RATE_NAMES: ReadonlySet<string> = new Set(["quotaexceeded", "quotaexceedederror"]);

/** Words of a limit by the minute, the hour or the day. */
const PERIOD_WORDS =
  /\bper[ _-]?(?:second|minute|hour|day)|per(?:Minute|Hour|Day)|\d ?(?:requests? ?|tokens? ?)?\/ ?(?:s|sec|min|minute|hour|h|day|d)\b|\b[RT]P[MD]\b/i;

const FILTER_NAMES: ReadonlySet<string> = new Set(
  ("contentfilter contentfiltererror contentpolicyviolation responsibleaipolicyviolation moderationblocked " +
    "datainspectionfailed contentmoderation").split(" "),
);
const FILTER_WORDS = /content exists risk|input was flagged|flagged by (?:our )?moderation/i;

/** What of an error its kind follows from. */
export type Named = Readonly<{ names: ReadonlySet<string>; words: string; text: string }>;

/** A name as the tables here have it: `RESOURCE_EXHAUSTED`, `ResourceExhausted` and `resource-exhausted` are one. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, "");
}

/** The HTTP status that a name stands for; none for names that are not known. */
export function statusOfName(name: string): number | undefined {
  return QUOTA_NAMES.has(name) ? 402 : STATUS_OF_NAME.get(name);
}

/** Whether the names speak of a limit by the minute, or of one that is reached for now. */
export function isRateNamed({ names }: Named): boolean {
  return [...names].some((name) => STATUS_OF_NAME.get(name) === 429);
}

/**
 * Whether a quota or a credit is used up, so that waiting does not help.
 *
 * @param named What the server says.
 * @param isWaitTold Whether it also says how long to wait. Some servers use one and the same sentence for a quota that is
 * used up and for a limit by the minute; what they tell besides makes the difference.
 */
export function isQuotaUsedUp(named: Named, isWaitTold: boolean): boolean {
  const { names, words, text } = named;
  if ([...names].some((name) => QUOTA_NAMES.has(name)) || QUOTA_WORDS.test(words)) return true;
  if (isWaitTold || isRateNamed(named) || PERIOD_WORDS.test(text)) return false;
  return QUOTA_OR_RATE_WORDS.test(words) || [...names].some((name) => QUOTA_OR_RATE_NAMES.has(name));
}

/** Whether the server's filter held the prompt or the reply back. */
export function isFiltered({ names, words, text }: Named): boolean {
  return [...names].some((name) => FILTER_NAMES.has(name)) || FILTER_WORDS.test(words) ||
    text.includes('"flagged_input"');
}

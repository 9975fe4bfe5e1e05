/** The status of the answers to a rater who has withdrawn: "gone". The page then asks nothing more. */
export const WITHDRAWN_STATUS = 410;

/** Sleep gained with the first of two drugs, in hours, by ten patients: Student (1908), `sleep` of R. */
export const FIRST = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];

/** The same of the second drug, by the same patients. */
export const SECOND = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

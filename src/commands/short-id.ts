/** Digits of a scoring id that people are shown; every command takes them for the whole. */
export const SHORT_ID = 12;

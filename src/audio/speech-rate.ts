/** The sample rate every analysis works at, Hz. */
export const speechRateHz = 16_000;

/** What the page's own code reads from the page. */
export interface PageData {
  /** Lets the waveforms' styles through the page's own policy. */
  styleNonce: string;
  /** WAV files in base64. */
  recordings: { learner: string | null; standard: string | null };
}

export type Role = keyof PageData['recordings'];

export const PAGE_DATA_ID = 'report-data';

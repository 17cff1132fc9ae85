/** What speakers of Mandarin tend to say instead of an English sound, and the classes of sounds. */

/** Likely replacements per expected phone (ARPAbet); phones without an entry have none. */
const CONFUSIONS: ReadonlyMap<string, readonly string[]> = new Map(
  [
    'TH:S F T D DH Z',
    'DH:D Z L T TH',
    'V:W F B',
    'W:V B',
    'R:L W',
    'L:R W OW AO N',
    'N:NG M L',
    'NG:N',
    'M:N NG',
    'Z:S DH JH',
    'S:SH TH Z',
    'SH:S CH',
    'ZH:SH R JH',
    'JH:CH ZH D',
    'CH:SH T JH',
    'B:P',
    'D:T',
    'G:K',
    'P:B',
    'T:D',
    'K:G',
    'IH:IY EY EH',
    'IY:IH EY',
    'EH:AE EY AY IH',
    'AE:EH AY AH AA',
    'AA:AH AO OW',
    'AH:AA AO EH AE OW',
    'AO:OW AA AH',
    'OW:AO UW AA',
    'UH:UW AO',
    'UW:UH OW',
    'EY:EH IY AY',
    'AY:AE EY AA',
    'AW:AO AA OW',
    'OY:AO OW',
    'ER:AH AO AA R',
    'HH:F K',
    'F:HH TH P',
    'Y:IY JH',
  ].map((entry): [string, string[]] => {
    const [phone = '', others = ''] = entry.split(':');
    return [phone, others.split(' ')];
  }),
);

export function confusionsOf(phone: string): readonly string[] {
  return CONFUSIONS.get(phone) ?? [];
}

/** Keys of recordings that encoders treat differently; each is one that the key grammar takes. */
export const NASTY_KEYS = [
  'Short_Vowels',
  'Ben & Co + 50%',
  'one  two + three',
  '%2B %20 %2F 100%25',
  `"double" and 'single'`,
  '장난감_가게에서',
  '🎤 emoji 🇰🇷',
  'semi;colon,comma=equals?question#hash',
  'back\\slash<angle>&amp;{brace}[bracket]~`^|',
].map((title, index) => `user-audio-file/7/novel/level_2/${title}/audio_line_${index + 1}.wav`);

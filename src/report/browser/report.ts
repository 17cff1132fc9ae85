/** What the report page does once it is open: plays, draws waveforms, shows the sounds of a word. */
import { PAGE_DATA_ID, type PageData } from '../page-data.ts';
import { createPlayer } from './player.ts';
import { openForPrint } from './print.ts';
import { drawWaveforms } from './waveforms.ts';
import { wireWords } from './words.ts';

const data = JSON.parse(document.getElementById(PAGE_DATA_ID)?.textContent ?? '{}') as PageData;
const player = createPlayer(data.recordings);
player.wire(document);
wireWords(document);
drawWaveforms(player.tracks, data.styleNonce);
openForPrint();
document.documentElement.dataset['ready'] = 'true';

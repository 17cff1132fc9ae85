/** What the scorings of a selection say together: which words and sounds are hard, how scores move. */
import type { Difficulty, InsightReader } from '../web/web-ports.ts';
import { conditionsOf } from './postgres-scoring-reader.ts';
import type { Database } from './postgres.ts';

/** The latest of a selection: a question about everybody costs no more than this. */
const MOST = 1000;
const HARDEST = 8;
const DAYS = 60;
/** One slip is no pattern. */
const FEWEST = 2;
/** A sound below this was to be practised. */
const PRACTISE_BELOW = 60;

/** Rare ones are drawn to the middle, so that one miss of two does not outweigh thirty of seventy. */
const HARDEST_FIRST = `order by (count(*) filter (where missed) + 1.0) / (count(*) + 4.0) desc, name`;

export function createInsights(database: Database): InsightReader {
  return {
    async of(filter, visible) {
      const { where, values } = conditionsOf(
        { ...filter, status: filter.status ?? 'completed' },
        visible,
      );
      // `offset 0`: results are read of rows that match, not of all to find those that do.
      const picked = `with picked as materialized (
        select user_id, created_at, result, (result ->> 'overall')::double precision as overall
          from (select id, user_id, created_at, result from elocute.scoring where ${where}
                 order by created_at desc, id desc offset 0) matching
         where result ->> 'overall' is not null
         order by created_at desc, id desc limit ${MOST})`;
      const difficulty = (from: string) =>
        database.query<DifficultyRow>(
          `${picked}, parts as (${from})
           select name, count(*)::int as said, (count(*) filter (where missed))::int as missed,
                  avg(score) as score
             from parts group by name
            having count(*) >= ${FEWEST} and bool_or(missed) ${HARDEST_FIRST} limit ${HARDEST}`,
          values,
        );
      const words = `from picked, jsonb_array_elements(result -> 'words') as word
        where word ->> 'kind' <> 'inserted'`;
      const [totals, bins, hardWords, hardSounds, days] = await Promise.all([
        database.query<TotalRow>(
          `${picked} select count(*)::int as scored, count(distinct user_id)::int as learners,
                  avg(overall) as overall from picked`,
          values,
        ),
        database.query<{ bin: number; scored: number }>(
          `${picked} select least(floor(overall / 10), 9)::int as bin, count(*)::int as scored
             from picked group by bin`,
          values,
        ),
        difficulty(`select word ->> 'text' as name, word ->> 'kind' <> 'ok' as missed,
                           (word ->> 'score')::double precision as score ${words}`),
        difficulty(`select phone ->> 'phone' ||
                           case when phone ->> 'phone' = 'AH' and phone ->> 'stress' = '0' then '0' else '' end as name,
                           (phone ->> 'score')::double precision < ${PRACTISE_BELOW} as missed,
                           (phone ->> 'score')::double precision as score
                      from (select word ${words}) said, jsonb_array_elements(word -> 'phones') as phone`),
        database.query<{ day: string; scored: number; overall: number }>(
          `${picked} select to_char(created_at at time zone 'UTC', 'YYYY-MM-DD') as day,
                  count(*)::int as scored, avg(overall) as overall
             from picked group by day order by day desc limit ${DAYS}`,
          values,
        ),
      ]);
      const [total] = totals;
      const byBin = new Map(bins.map(({ bin, scored }) => [bin, scored]));
      return {
        scored: total?.scored ?? 0,
        most: MOST,
        learners: total?.learners ?? 0,
        overall: total?.overall == null ? null : tenths(total.overall),
        distribution: Array.from({ length: 10 }, (_, bin) => byBin.get(bin) ?? 0),
        words: hardWords.map(difficultyOf),
        sounds: hardSounds.map(difficultyOf),
        progress: days
          .map(({ day, scored, overall }) => ({ day, scored, overall: tenths(overall) }))
          .reverse(),
      };
    },
  };
}

interface TotalRow {
  [column: string]: unknown;
  scored: number;
  learners: number;
  overall: number | null;
}

interface DifficultyRow {
  [column: string]: unknown;
  name: string;
  said: number;
  missed: number;
  score: number | null;
}

function difficultyOf({ name, said, missed, score }: DifficultyRow): Difficulty {
  return { name, said, missed, score: tenths(score ?? 0) };
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}

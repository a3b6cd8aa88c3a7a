// SPDX-License-Identifier: MIT
/* Whether the connection still lives. Everything that arrives proves it, so the broker is asked only
 * when nothing did. The library's own check waits for the answer alone, which on a page that is held up
 * lies behind what came before it, and a connection that is given up then is given up for nothing.
 */

/** heard, asked: when something arrived last and when the broker was asked since, ms; turns: since then */
export interface Lifeline {
  heard: number;
  asked: number | null;
  turns: number;
}

const QUIET_MS = 4000;
/* On a busy tablet the answer takes seconds. What is old is shown as old long before. */
const ANSWER_MS = 8000;
/* In as many turns, a page that is held up has read what lies in its socket. */
const ANSWER_TURNS = 20;

export const newLifeline = (now: number): Lifeline => ({ heard: now, asked: null, turns: 0 });

/** To be called ten times a second. 'ask': the broker is to be asked for a sign of life. */
export function lifelineDue(line: Lifeline, now: number): 'ask' | 'dead' | null {
  if (line.asked === null) {
    if (now - line.heard <= QUIET_MS) return null;
    line.asked = now;
    return 'ask';
  }
  line.turns++;
  return now - line.asked > ANSWER_MS && line.turns >= ANSWER_TURNS ? 'dead' : null;
}

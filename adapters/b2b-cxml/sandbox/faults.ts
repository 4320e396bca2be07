/** Trouble on request: which delivery to the buyer is spoiled, and how. */

import type { SandboxFaultRule, SandboxFaults } from '../../../src/channel/sandbox.ts';
import { type Seeded, seeded } from './seeded.ts';

interface Turn {
  rule: SandboxFaultRule;
  path: RegExp;
  method: string;
  seen: number;
  spoiled: number;
  chance: Seeded | null;
}

/** Chances are told to the thousandth. */
const CHANCE_STEPS = 1000;

function patternOf(path: string): RegExp {
  const source = path
    .split(/(\{[^}]*\}|\*$)/)
    .map((part) => (part === '*' ? '.*' : part.startsWith('{') ? '[^/]+' : escaped(part)))
    .join('');
  return new RegExp(`^${source}$`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

export class Troubles {
  #turns: Turn[] = [];

  /**
   * Takes new rules with all their turns.
   * @throws RangeError for a rule that has no meaning here: a catalogue has one site, so nothing can fail on the second.
   */
  replace(faults: SandboxFaults, seed: number): void {
    this.#turns = (faults.rules ?? []).map((rule) => {
      if (rule.fault === 'one-site-fails') throw new RangeError('one-site-fails: a cXML catalogue is one site');
      const [method = '', path = ''] = rule.match.split(' ');
      const chance = rule.probability === undefined ? null : seeded(rule.seed ?? seed);
      return { rule, method, path: patternOf(path), seen: 0, spoiled: 0, chance };
    });
  }

  /** The rule that spoils this call, with one of its turns used up; null when it goes well. */
  next(method: string, path: string): SandboxFaultRule | null {
    for (const turn of this.#turns) {
      const { rule, chance } = turn;
      const turns = rule.times ?? (chance === null ? 1 : Number.POSITIVE_INFINITY);
      if (turn.spoiled >= turns || turn.method !== method || !turn.path.test(path)) continue;
      turn.seen += 1;
      if (turn.seen <= (rule.after ?? 0)) continue;
      if (chance !== null && chance.below(CHANCE_STEPS) >= (rule.probability ?? 1) * CHANCE_STEPS) continue;
      turn.spoiled += 1;
      return rule;
    }
    return null;
  }
}

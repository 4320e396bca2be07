/** Trouble on request: which call is spoiled, and how. */

import type { SandboxFaultRule, SandboxFaults } from '../../../src/channel/sandbox.ts';
import { seededRandom } from './seeded-random.ts';

interface RuleState {
  rule: SandboxFaultRule;
  method: string;
  path: RegExp;
  seen: number;
  turnsLeft: number;
  random: (() => number) | null;
}

/** `"METHOD /a/{b}/*"` as a pattern: a name in braces is one segment, a trailing star any rest. */
function pathPattern(path: string): RegExp {
  const open = path.endsWith('*');
  const fixed = (open ? path.slice(0, -1) : path)
    .split(/\{[^}]*\}/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^/]+');
  return new RegExp(`^${fixed}${open ? '.*' : ''}$`);
}

export class FaultPlan {
  #rules: RuleState[] = [];

  /** Takes new rules with all their turns; the former ones are gone. */
  replace(faults: SandboxFaults, seed: number): void {
    this.#rules = (faults.rules ?? []).map((rule) => {
      const [method = '', path = ''] = rule.match.split(' ');
      const shared = rule.probability !== undefined;
      return {
        rule,
        method,
        path: pathPattern(path),
        seen: 0,
        // A share of all calls has no natural end; everything else spoils one call unless told otherwise.
        turnsLeft: rule.times ?? (shared ? Number.POSITIVE_INFINITY : 1),
        random: shared ? seededRandom(rule.seed ?? seed) : null,
      };
    });
  }

  /** The rule that spoils this call, if any; uses up one of its turns. */
  take(method: string, path: string): SandboxFaultRule | null {
    for (const state of this.#rules) {
      if (state.turnsLeft <= 0 || state.method !== method || !state.path.test(path)) continue;
      state.seen += 1;
      if (state.seen <= (state.rule.after ?? 0)) continue;
      if (state.random !== null && state.random() >= (state.rule.probability ?? 1)) continue;
      state.turnsLeft -= 1;
      return state.rule;
    }
    return null;
  }
}

import cliProgress from 'cli-progress';
import Table from 'cli-table3';

/** A table for a terminal; wide characters are counted as two columns, so Korean lines up. */
export function table(head: string[], rows: readonly (string | number | null | undefined)[][]): string {
  const made = new Table({ head, style: { head: [], border: [] }, wordWrap: true });
  for (const row of rows) made.push(row.map((cell) => (cell === null || cell === undefined ? '' : String(cell))));
  return made.toString();
}

/**
 * An amount of minor units, a number or its digits, with thousands separators: won as they are, other money with its two
 * decimals. Empty for anything else.
 */
export function amount(value: unknown, currency: unknown = 'KRW'): string {
  const isWhole = typeof value === 'number' ? Number.isSafeInteger(value) : /^-?\d+$/.test(String(value ?? ''));
  if (!isWhole) return '';
  const minor = BigInt(String(value));
  if (currency === 'KRW') return minor.toLocaleString('en-US');
  const whole = minor < 0n ? -minor : minor;
  const cents = String(whole % 100n).padStart(2, '0');
  return `${minor < 0n ? '-' : ''}${(whole / 100n).toLocaleString('en-US')}.${cents}`;
}

/** Both languages of a message, Korean first. */
export function bothLanguages(message: { message_ko?: string; message_en?: string }): string {
  return [message.message_ko, message.message_en].filter(Boolean).join('\n');
}

/**
 * Things that need a person's attention, one below the other: a line that says which, and what to do about it indented
 * under it. In a table these sentences would be cut into columns of one word.
 */
export function notes(
  entries: readonly {
    head: readonly (string | number | null | undefined)[];
    message_ko?: string;
    message_en?: string;
  }[],
): string {
  return entries
    .map(({ head, ...message }) => {
      const line = head.filter((part) => part !== null && part !== undefined && part !== '').join('  ');
      return [
        line,
        ...bothLanguages(message)
          .split('\n')
          .filter(Boolean)
          .map((text) => `    ${text}`),
      ].join('\n');
    })
    .join('\n');
}

/** Draws progress on stderr when it is a terminal; says nothing otherwise, so that logs and pipes stay clean. */
export function createProgress(enabled: boolean): {
  progress: (label: string, done: number, total: number | null) => void;
  stop: () => void;
} {
  let bar: cliProgress.SingleBar | null = null;
  return {
    progress: (label, done, total) => {
      if (!enabled) return;
      if (!bar) {
        const format = total === null ? '{label} {value}' : '{label} [{bar}] {value}/{total}';
        bar = new cliProgress.SingleBar({ format, clearOnComplete: true, stream: process.stderr });
        bar.start(total ?? 0, done, { label });
      }
      if (total !== null) bar.setTotal(total);
      bar.update(done, { label });
    },
    stop: () => {
      bar?.stop();
      bar = null;
    },
  };
}

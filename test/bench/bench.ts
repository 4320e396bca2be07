/**
 * `npm run bench [-- --listings=N --products=N --rounds=N --only=unchanged|rate]`: what Naru costs on this machine. Rates
 * are told as ratios of what was measured beside them in the same run; the bare numbers say more about the machine.
 */

import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { measurePushRound, type PushRound } from './push-rate.ts';
import { openServers, type Servers } from './servers.ts';
import { measureUnchangedPush } from './unchanged-push.ts';

const { values: options } = parseArgs({
  options: {
    listings: { type: 'string', default: '100000' },
    products: { type: 'string', default: '600' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
  },
});

const say = (line: string) => process.stdout.write(`${line}\n`);
const whole = (value: number) => Math.round(value).toLocaleString('en');

async function tellUnchanged(servers: Servers | null): Promise<void> {
  const push = await measureUnchangedPush(servers, Number(options.listings));
  const seconds = push.wallMs / 1000;
  const megabytes = push.peakBytes / 1_000_000;
  const table = new Table({
    head: ['a push with nothing changed', 'measured', 'limit'],
    style: { head: [], border: [] },
  });
  table.push(
    ['listings found unchanged', whole(push.unchanged), whole(push.listings)],
    ['calls to the channel', push.calls, 0],
    ['whole command', `${seconds.toFixed(2)} s`, servers ? '5 s' : '-'],
    ['of it planning', `${(push.planMs / 1000).toFixed(2)} s`, '-'],
    ['peak memory', `${whole(megabytes)} MB`, servers ? '300 MB' : '-'],
  );
  say(table.toString());
  const kept = push.unchanged === push.listings && push.calls === 0;
  if (!kept || (servers && (seconds >= 5 || megabytes >= 300))) process.exitCode = 1;
}

async function tellRates(servers: Servers | null): Promise<void> {
  const rounds: PushRound[] = [];
  for (let round = 0; round < Number(options.rounds); round += 1) {
    rounds.push(await measurePushRound(servers, Number(options.products)));
  }
  const all = (key: keyof PushRound) => rounds.map((round) => round[key]);
  // Ratios are taken within a round: what else the machine does meanwhile slows both sides.
  const ratio = (key: 'axios' | 'bullmq') => {
    const percent = rounds.map((round) => Math.round((round.naru / round[key]) * 100));
    return `${median(percent)} %  (${percent.join(', ')})`;
  };
  const table = new Table({
    head: ['creates through the sandbox', 'per second', 'Naru beside it'],
    style: { head: [], border: [] },
  });
  table.push(
    ['raw axios calls', whole(median(all('axios'))), ratio('axios')],
    ['raw BullMQ jobs that do nothing', whole(median(all('bullmq'))), ratio('bullmq')],
    ['Naru, queued to accepted', whole(median(all('naru'))), ''],
  );
  say(table.toString());
  say(
    `medians of ${rounds.length} rounds of ${options.products} products, 8 calls at a time (aim: 50 % of raw axios);`,
  );
  say(
    `after the last create it took ${(median(all('settleMs')) / 1000).toFixed(1)} s until all were read back on sale`,
  );
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const { servers, missing } = await openServers();
try {
  say(
    `${servers?.description ?? 'embedded store'}, Node ${process.versions.node}, ${cpus().length} cores, ${whole(totalmem() / 2 ** 30)} GB`,
  );
  if (!servers)
    say(`${missing} was neither given nor found: PostgreSQL + Redis is left out, the embedded store is measured`);
  if (options.only !== 'rate') await tellUnchanged(servers);
  if (options.only !== 'unchanged') await tellRates(servers);
} finally {
  await servers?.close();
}

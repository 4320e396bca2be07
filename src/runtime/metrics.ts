import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The figures operators watch. Labels hold ids of accounts and words of ours, never data of buyers or products. */
export interface Metrics {
  registry: Registry;
  countCall(call: { account: string; family: string; outcome: string; durationMs: number }): void;
  countJob(job: { name: string; outcome: string; durationMs: number }): void;
  /** Replaces the gauges that are read from store and queue when somebody asks. */
  setGauges(gauges: GaugeValues): void;
}

export interface GaugeValues {
  queues: { queue: string; waiting: number; active: number; delayed: number; oldestMs: number }[];
  bookmarks: { account: string; stream: string; lagMs: number }[];
  inDoubt: { account: string; count: number }[];
  deadLetters: { account: string; count: number }[];
  pausedAccounts: string[];
}

/** Metrics with a registry of their own, so that two apps in one process do not share figures. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const calls = new Counter({
    name: 'naru_channel_calls_total',
    help: 'Calls to channels by outcome: ok, or the kind of error (rate-limited counts the 429s)',
    labelNames: ['account', 'family', 'outcome'],
    registers,
  });
  const callTime = new Histogram({
    name: 'naru_channel_call_seconds',
    help: 'How long calls to channels take',
    labelNames: ['account', 'family'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
    registers,
  });
  const jobs = new Counter({
    name: 'naru_jobs_total',
    help: 'Jobs by name and outcome',
    labelNames: ['name', 'outcome'],
    registers,
  });
  const jobTime = new Histogram({
    name: 'naru_job_seconds',
    help: 'How long jobs take',
    labelNames: ['name'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60],
    registers,
  });
  const gauge = (name: string, help: string, labelNames: string[]) => new Gauge({ name, help, labelNames, registers });
  const depth = gauge('naru_queue_jobs', 'Jobs in a queue by state', ['queue', 'state']);
  const age = gauge('naru_queue_oldest_seconds', 'Age of the oldest waiting job', ['queue']);
  const lag = gauge('naru_bookmark_lag_seconds', 'How far a stream is behind now', ['account', 'stream']);
  const doubts = gauge('naru_listings_in_doubt', 'Writes without a known answer', ['account']);
  const letters = gauge('naru_dead_letters', 'Open dead letters', ['account']);
  const paused = gauge('naru_account_paused', '1 while an account waits for people', ['account']);
  return {
    registry,
    countCall: ({ account, family, outcome, durationMs }) => {
      calls.inc({ account, family, outcome });
      callTime.observe({ account, family }, durationMs / 1_000);
    },
    countJob: ({ name, outcome, durationMs }) => {
      jobs.inc({ name, outcome });
      jobTime.observe({ name }, durationMs / 1_000);
    },
    setGauges: (values) => {
      for (const one of [depth, age, lag, doubts, letters, paused]) one.reset();
      for (const { queue, waiting, active, delayed, oldestMs } of values.queues) {
        depth.set({ queue, state: 'waiting' }, waiting);
        depth.set({ queue, state: 'active' }, active);
        depth.set({ queue, state: 'delayed' }, delayed);
        age.set({ queue }, oldestMs / 1_000);
      }
      for (const { account, stream, lagMs } of values.bookmarks) lag.set({ account, stream }, lagMs / 1_000);
      for (const { account, count } of values.inDoubt) doubts.set({ account }, count);
      for (const { account, count } of values.deadLetters) letters.set({ account }, count);
      for (const account of values.pausedAccounts) paused.set({ account }, 1);
    },
  };
}

import { formatSeoul } from '../domain/seoul-time.ts';
import type { Stream } from '../domain/stream.ts';
import type { JobQueues } from '../queue/job-queues.ts';
import { pullScheduleKey } from '../queue/jobs.ts';
import type { StoredAccount } from '../store/accounts.ts';
import { listBookmarks } from '../store/bookmarks.ts';
import type { SyncDependencies } from './dependencies.ts';
import type { DoctorFinding } from './doctor.ts';
import { openStoredAccount } from './open-account.ts';

/** A stream that is read every few minutes may stand still this long before it is a problem. */
const patienceMs = 2 * 3_600_000;
/** So many reads of its own schedule, and a half for the one under way, may be missed. */
const readsMissed = 2.5;

/**
 * Streams of an account that stand still although they are to be read by schedule. Whether they are is asked of the
 * schedules themselves: where the scheduler never ran, people read by hand, and that is their choice. How late is late
 * goes by the account's own schedule, since settlements may come once a day.
 */
export async function examineStreams(
  deps: SyncDependencies,
  queues: JobQueues,
  stored: StoredAccount,
): Promise<DoctorFinding[]> {
  const { accountId } = stored;
  // A paused account is a finding of its own, and has no schedules.
  if (stored.state === 'paused') return [];
  const { schedule } = openStoredAccount(deps, stored).settings;
  const scheduled = new Set(await queues.scheduled(accountId));
  const now = deps.clock.now().getTime();
  const bookmarks = (await listBookmarks(deps.store)).filter((row) => row.accountId === accountId);
  return bookmarks.flatMap(({ stream, through, updatedAt }) => {
    const everyMs = schedule[`${stream}Minutes`] * 60_000;
    const isLate = now - updatedAt.getTime() > Math.max(patienceMs, readsMissed * everyMs);
    return isLate && scheduled.has(pullScheduleKey(stream)) ? [late(accountId, stream, through)] : [];
  });
}

function late(account: string, stream: Stream, through: Date | null): DoctorFinding {
  return {
    severity: 'problem',
    code: 'stream_late',
    account,
    messageKo: `계정 ${account}의 ${stream}이(가) ${through ? formatSeoul(through) : '처음'} 이후 갱신되지 않았습니다. \`naru start\`(또는 \`naru worker\`와 \`naru scheduler\`)가 실행 중인지 보고, \`naru accounts check ${account}\`로 연결을 확인해 주십시오.`,
    messageEn: `Stream ${stream} of account ${account} has stood still since ${through ? formatSeoul(through) : 'the start'}. See that \`naru start\` (or \`naru worker\` and \`naru scheduler\`) runs, and check the account with \`naru accounts check ${account}\`.`,
  };
}

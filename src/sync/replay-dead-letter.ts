import { PeopleError } from '../domain/people-error.ts';
import type { JobQueues } from '../queue/job-queues.ts';
import { isJobName, jobPayloads } from '../queue/jobs.ts';
import { closeReplayed, findDeadLetter } from '../store/dead-letters.ts';
import { forgetRefusals } from '../store/listing-checks.ts';
import type { SyncDependencies } from './dependencies.ts';

/**
 * Makes a new job from a dead letter; what the channel refused before is sent once more. The letter is closed only when
 * the queue has the job: where the queue is away it stays open. Two replays at once make one job.
 */
export async function replayDeadLetter(
  deps: SyncDependencies,
  queues: JobQueues,
  id: number,
): Promise<{ replayed: number }> {
  const letter = await findDeadLetter(deps.store, id);
  if (!letter) {
    throw new PeopleError(
      'dead_letter_unknown',
      `실패 기록 ${id}이(가) 없거나 이미 다시 실행했습니다. \`naru dead-letters list\`로 번호를 확인해 주십시오.`,
      `There is no open dead letter ${id}, or it was replayed already. See \`naru dead-letters list\`.`,
    );
  }
  const { jobName: name } = letter;
  const payload = { runId: null, byPerson: true, from: null, to: null, sweep: false, ...letter.payload };
  const parsed = isJobName(name) ? jobPayloads[name].safeParse(payload) : null;
  if (!isJobName(name) || !parsed?.success) {
    throw new PeopleError(
      'dead_letter_unusable',
      `실패 기록 ${id}(작업 ${name})은(는) 더 이상 쓸 수 없는 형식입니다. \`naru push\`나 \`naru pull\`로 새로 실행해 주십시오.`,
      `Dead letter ${id} (job ${name}) has a form that is no longer used. Run \`naru push\` or \`naru pull\` instead.`,
    );
  }
  if (name === 'push' && 'listingIds' in parsed.data) {
    await forgetRefusals(deps.store, parsed.data.listingIds, deps.clock.now());
  }
  await queues.add(name, parsed.data as never, { priority: 2, once: `replay-${id}` });
  await closeReplayed(deps.store, letter, deps.clock.now());
  return { replayed: id };
}

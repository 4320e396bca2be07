import assert from 'node:assert/strict';
import type { ChannelErrorKind } from '../../../src/channel/errors.ts';
import type { SandboxFaultRule } from '../../../src/channel/sandbox.ts';
import { channelErrorFrom } from '../channel-error.ts';
import { checkEndpointOf, reads } from '../everything.ts';
import { changeOf, listingsOf, pushAll } from '../listing-steps.ts';
import { type ConformanceCase, onStage, type Subject } from '../stage.ts';

type Trouble = Pick<SandboxFaultRule, 'fault' | 'status'>;
type PushTrouble = [Trouble, ChannelErrorKind];

/** Longer than the transport's patience for safe calls. */
const times = 20;

/** Which reading calls meet the trouble: all of them, unless a channel's habit is known of some only. */
type Choice = (subject: Subject, endpoint: string) => boolean;

/** Each reading call meets the trouble on a stage of its own; the waits of the transport overlap. */
const everyRead = (
  told: string,
  trouble: Trouble,
  kind: ChannelErrorKind,
  isMeant: Choice = () => true,
): ConformanceCase => ({
  name: `errors: ${told} is ${kind}, whatever was asked`,
  run: async (subject) => {
    const endpoints: string[] = [];
    await onStage(subject, async (stage) => {
      endpoints.push(...reads(stage).map((read) => read.endpoint));
    });
    const meant = endpoints.filter((endpoint) => isMeant(subject, endpoint));
    assert.ok(meant.length > 0, 'no call is meant');
    const kinds = await Promise.all(meant.map((endpoint) => kindOf(subject, endpoint, trouble)));
    assert.deepEqual(
      kinds,
      meant.map((endpoint) => `${endpoint}: ${kind}`),
    );
  },
});

async function kindOf(subject: Subject, endpoint: string, trouble: Trouble): Promise<string> {
  let said = '';
  await onStage(subject, async (stage) => {
    const read = reads(stage).find((each) => each.endpoint === endpoint);
    assert.ok(read);
    stage.fault({ match: endpoint, times, ...trouble });
    said = (await channelErrorFrom(read.call())).kind;
  });
  return `${endpoint}: ${said}`;
}

const answersRateErrors: Choice = ({ harness }, endpoint) => harness.rateAnswers.includes(endpoint);

export const errorsCases: ConformanceCase[] = [
  everyRead('HTTP 401', { fault: 'status', status: 401 }, 'unauthorized'),
  everyRead('HTTP 403', { fault: 'status', status: 403 }, 'forbidden'),
  everyRead('HTTP 429', { fault: 'status', status: 429 }, 'rate-limited'),
  everyRead('HTTP 500', { fault: 'status', status: 500 }, 'unavailable'),
  everyRead('HTTP 503', { fault: 'status', status: 503 }, 'unavailable'),
  everyRead('HTML with HTTP 200', { fault: 'status', status: 200 }, 'protocol'),
  everyRead('half an answer', { fault: 'cut-json' }, 'protocol'),
  everyRead('a dropped connection', { fault: 'reset-before-commit' }, 'unavailable'),
  everyRead("the channel's own word for too many calls", { fault: 'rate-limited' }, 'rate-limited', answersRateErrors),
  {
    name: 'errors: a moment of trouble on a safe call is got over without anybody noticing',
    run: (subject) =>
      onStage(subject, async (stage) => {
        stage.fault({ match: checkEndpointOf(stage), fault: 'reset-before-commit', times: 1 });
        await stage.adapter.check(stage.context());
      }),
  },
];

const pushTroubles: PushTrouble[] = [
  [{ fault: 'status', status: 401 }, 'unauthorized'],
  [{ fault: 'status', status: 403 }, 'forbidden'],
  [{ fault: 'status', status: 429 }, 'rate-limited'],
  [{ fault: 'status', status: 503 }, 'unavailable'],
];

/** For adapters with listings: what a push says when the account, not the product, is the trouble. */
export const pushErrorsCases: ConformanceCase[] = pushTroubles.map(([trouble, kind]) => ({
  name: `errors: a push that meets ${trouble.fault} ${trouble.status ?? ''} is ${kind}, never a refusal of the product`,
  run: (subject) =>
    onStage(subject, async (stage) => {
      stage.fault({ match: listingsOf(stage).brought.endpoints.create, times, ...trouble });
      const change = await changeOf(stage, 'create', 'ERROR-1');
      const pushing = async () => {
        const [outcome] = await pushAll(stage, [change]);
        // An account's trouble may be thrown for the batch, or said of each item: both tell the core the same.
        if (outcome?.status === 'failed') throw outcome.error;
        assert.fail(`said ${outcome?.status}`);
      };
      assert.equal((await channelErrorFrom(pushing())).kind, kind);
    }),
}));

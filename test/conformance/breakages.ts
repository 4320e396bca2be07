import type {
  AnyChannel,
  BaseSettings,
  ListingChange,
  ListingOutcome,
  ListingsGroup,
  PulledRecord,
  PullPage,
  StreamGroup,
} from '../../src/channel/contract.ts';
import { ChannelError, type ChannelErrorKind, isChannelError } from '../../src/channel/errors.ts';
import type { ChannelHttp } from '../../src/channel/http.ts';
import type { Json, Operation } from '../../src/domain/listing.ts';
import type { Stream } from '../../src/domain/stream.ts';
import type { Subject } from './stage.ts';
import type { StreamValues } from './stream-steps.ts';

/** Makes a subject wrong in one thing. */
export type Breakage = (subject: Subject) => Subject;

type Listings = ListingsGroup<BaseSettings, unknown>;
type AnyStream = StreamGroup<BaseSettings, unknown, StreamValues[Stream]>;

export const changed = (subject: Subject, change: Partial<AnyChannel>): Subject => ({
  ...subject,
  adapter: Object.freeze({ ...subject.adapter, ...change }),
});

function withListings(change: (group: Listings) => Partial<Listings>): Breakage {
  return (subject) => {
    const group = subject.adapter.listings as Listings;
    return changed(subject, { listings: Object.freeze({ ...group, ...change(group) }) });
  };
}

function withStream(name: Stream, change: (group: AnyStream) => Partial<AnyStream>): Breakage {
  return (subject) => {
    const group = subject.adapter[name] as unknown as AnyStream;
    return changed(subject, { [name]: Object.freeze({ ...group, ...change(group) }) });
  };
}

export const withPages = (
  name: Stream,
  change: (page: PullPage<StreamValues[Stream]>, from: Date) => PullPage<StreamValues[Stream]>,
) =>
  withStream(name, (group) => ({
    pull: async (context, request) => change(await group.pull(context, request), request.from),
  }));

export const withValues = <Name extends Stream>(name: Name, change: (value: StreamValues[Name]) => unknown): Breakage =>
  withPages(name, (page) => ({
    ...page,
    records: page.records.map(
      (record) => ({ ...record, value: change(record.value as StreamValues[Name]) }) as typeof record,
    ),
  }));

export const withOutcomes = (change: (outcome: ListingOutcome) => ListingOutcome): Breakage =>
  withListings((group) => ({ push: async (context, changes) => (await group.push(context, changes)).map(change) }));

/** Takes several changes at once, whatever the channel takes, so that mistakes with batches can be made. */
export const inBatches = (finish: (outcomes: ListingOutcome[]) => ListingOutcome[]): Breakage =>
  withListings((group) => ({
    maxBatch: 10,
    push: async (context, changes) => {
      const outcomes: ListingOutcome[] = [];
      for (const change of changes) outcomes.push(...(await group.push(context, [change])));
      return finish(outcomes);
    },
  }));

/** Does `instead` when a call of any stream ends with an error of this kind. */
export const onError = (
  kinds: ChannelErrorKind[],
  instead: (error: ChannelError) => PullPage<StreamValues[Stream]>,
): Breakage =>
  withStream('orders', (group) => ({
    pull: async (context, request) => {
      try {
        return await group.pull(context, request);
      } catch (error) {
        if (isChannelError(error) && kinds.includes(error.kind)) return instead(error);
        throw error;
      }
    },
  }));

export const emptyEnd = { records: [], next: null };

export const dropsLastPage = withPages('orders', (page) => (page.next === null ? emptyEnd : page));

export const retriesBlindly: Breakage = (subject) => ({
  ...subject,
  wrapHttp: (http: ChannelHttp) => ({
    request: (call) =>
      http.request(call).catch((error: unknown) => (call.safe ? Promise.reject(error) : http.request(call))),
  }),
});

export const keepsBuyers = withStream('orders', (group) => ({
  pull: async (context, request) => {
    let answer: unknown = null;
    const listening: ChannelHttp = {
      request: async (call) => {
        const response = await context.http.request(call);
        answer = response.body;
        return response;
      },
    };
    const page = await group.pull({ ...context, http: listening }, request);
    const withAnswer = (record: PulledRecord<StreamValues[Stream]>) => ({ ...record, raw: answer as Json });
    return { ...page, records: page.records.map(withAnswer) };
  },
}));

/** Remembers the page by itself; a worker that starts anew begins in the middle of nowhere. */
export const remembersPages: Breakage = withStream('orders', (group) => {
  let own: string | null = null;
  return {
    pull: async (context, request) => {
      const page = await group.pull(context, { ...request, cursor: request.cursor === null ? null : own });
      own = page.next;
      return { ...page, next: page.next === null ? null : 'more' };
    },
  };
});

/** Says yes to one operation and does nothing. */
export const forgets = (operation: Operation): Breakage =>
  withListings((group) => ({
    push: async (context, changes) => {
      const pretend = ({ sku }: ListingChange): ListingOutcome => ({
        sku,
        status: 'accepted',
        externalIds: { id: '1' },
        refusals: [],
      });
      return changes[0]?.operation === operation ? changes.map(pretend) : group.push(context, changes);
    },
  }));

export const leaksKey: Breakage = (subject) =>
  changed(subject, {
    check: async (context) => {
      await subject.adapter.check(context).catch((error: unknown) => {
        if (!isChannelError(error)) throw error;
        const channelMessage = `refused ${JSON.stringify(context.credentials)}`;
        throw new ChannelError(error.kind, { code: error.code, sent: error.sent, channelMessage });
      });
    },
  });

export const guesses = withListings((group) => {
  let last: Json = null;
  return {
    render: (input) => {
      const rendered = group.render(input);
      last = rendered.document ?? last;
      return { document: last, title: rendered.title ?? 'a name', findings: [] };
    },
  };
});

export const findsOne = withListings(({ find }) => ({
  ...(find && {
    find: {
      ...find,
      bySku: async (context, skus) => [
        ...new Map((await find.bySku(context, skus)).map((one) => [one.sku, one])).values(),
      ],
    },
  }),
}));

export const seesOneSite = withListings(({ find }) => ({
  ...(find && {
    find: {
      ...find,
      bySku: async (context, skus) =>
        (await find.bySku(context, skus)).map((one) => ({ ...one, sites: one.sites.slice(0, 1) })),
    },
  }),
}));

export const unsent = (error: ChannelError) => new ChannelError(error.kind, { code: error.code, sent: false });

/** Plain text and markup are one thing to it. */
export const letsMarkupThrough = withListings((group) => ({
  render: (input) => {
    const rendered = group.render(input);
    const unescaped = JSON.stringify(rendered.document).replaceAll('&lt;', '<').replaceAll('&gt;', '>');
    return { ...rendered, document: JSON.parse(unescaped) as Json };
  },
}));

const withCheck = (check: (real: AnyChannel['check']) => AnyChannel['check']): Breakage => {
  return (subject) => changed(subject, { check: check(subject.adapter.check) });
};

/** Waits by itself before it gives up; nobody can end that wait. */
export const sleepsByItself = withCheck((check) => async (context) => {
  await check(context).catch(async (error: unknown) => {
    await new Promise((resolve) => setTimeout(resolve, 2_500).unref());
    throw error;
  });
});

/** Keeps looking after the account for a while that nobody asked for. */
export const leavesTimer = withCheck((check) => async (context) => {
  await check(context);
  setTimeout(() => undefined, 5_000);
});

/** Has a client of its own, which no limiter knows. */
export const goesPastTheDoor = withCheck((check) => async (context) => {
  await fetch(new URL('/status', context.account.settings.baseUrl), { headers: { connection: 'close' } });
  await check(context);
});

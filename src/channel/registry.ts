import type { AnyChannel } from './contract.ts';

export interface ChannelRegistry {
  list(): readonly AnyChannel[];
  /** Undefined when no adapter has this id. */
  find(id: string): AnyChannel | undefined;
}

/** A look-up over the registered adapters. Throws when two have the same id: rows could not tell them apart. */
export function createRegistry(adapters: readonly AnyChannel[]): ChannelRegistry {
  const byId = new Map<string, AnyChannel>();
  for (const adapter of adapters) {
    if (byId.has(adapter.id)) throw new Error(`two adapters have the id ${adapter.id}`);
    byId.set(adapter.id, adapter);
  }
  return { list: () => adapters, find: (id) => byId.get(id) };
}

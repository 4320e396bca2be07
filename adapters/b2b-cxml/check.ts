import { ChannelError } from '../../src/channel/errors.ts';
import { timestampOf } from './amounts.ts';
import { sendDocument, statusCodePrefix } from './client.ts';
import { requestDocument } from './envelope.ts';
import type { CxmlContext } from './settings.ts';

/** Asks the partner for its profile, which proves address and secret. A punch-out only account has nobody to ask. */
export async function checkAccount(context: CxmlContext): Promise<void> {
  if (context.account.settings.baseUrl === undefined) return;
  const { xml } = requestDocument(context, {
    dtd: 'cXML',
    name: 'ProfileRequest',
    content: {},
    // Every check asks anew: the answer to a repeat might be one from before the secret was changed.
    sameAs: timestampOf(context.clock.now()),
  });
  try {
    await sendDocument(context, { family: 'profile', content: xml });
  } catch (error) {
    // Whoever says "not implemented" has read and judged our document; only a profile is more than it has.
    if (error instanceof ChannelError && error.code === `${statusCodePrefix}450`) return;
    throw error;
  }
}

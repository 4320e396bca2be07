import { z } from 'zod';
import { formatSeoul } from '../../domain/seoul-time.ts';
import { findAccount, listAccounts } from '../../store/accounts.ts';
import { listCampaigns } from '../../store/campaigns.ts';
import { applyCampaign } from '../../sync/apply-campaign.ts';
import { addAccount, checkAccount, importMappings, resumePausedAccount } from '../../sync/manage-accounts.ts';
import { unknownAccount } from '../../sync/open-account.ts';
import { defineCommand } from '../command.ts';
import { bothLanguages, notes, table } from '../output.ts';

/** `naru accounts add ID --adapter A --config FILE` */
export const addAccountCommand = defineCommand({
  name: 'accounts add',
  input: z.object({ accountId: z.string(), adapterId: z.string(), file: z.unknown() }),
  run: (app, input) => addAccount(app.deps, { ...input, file: input.file }),
  text: (answer) =>
    `계정 ${answer.account} (${answer.adapter}): ${answer.result === 'added' ? '등록했습니다 / added' : '변경했습니다 / changed'}`,
});

/** `naru accounts check ID` */
export const checkAccountCommand = defineCommand({
  name: 'accounts check',
  input: z.object({ accountId: z.string() }),
  run: async (app, input): Promise<{ ok: boolean; kind?: string; message_ko?: string; message_en?: string }> => {
    const check = await checkAccount(app.deps, input.accountId);
    if (check.ok) return { ok: true };
    return { ok: false, kind: check.kind, message_ko: check.messageKo, message_en: check.messageEn };
  },
  text: (answer) => (answer.ok ? '연결됩니다 / works' : bothLanguages(answer)),
  failed: (answer) => !answer.ok,
});

/** `naru accounts resume ID` */
export const resumeAccountCommand = defineCommand({
  name: 'accounts resume',
  input: z.object({ accountId: z.string() }),
  run: async (app, input) => {
    await resumePausedAccount(app.deps, input.accountId);
    return { account: input.accountId, state: 'active' };
  },
  text: (answer) => `계정 ${answer.account}: 다시 동작합니다 / active again`,
});

/** `naru accounts list` */
export const listAccountsCommand = defineCommand({
  name: 'accounts list',
  input: z.object({}),
  run: async (app) => {
    const accounts = await listAccounts(app.store);
    return {
      accounts: accounts.map(({ accountId, adapterId, state, pause }) => ({
        account: accountId,
        adapter: adapterId,
        state,
        ...(pause && { message_ko: pause.messageKo, message_en: pause.messageEn }),
      })),
    };
  },
  text: (answer) =>
    answer.accounts.length === 0
      ? '등록된 계정이 없습니다. `naru accounts add`로 등록해 주십시오. / There is no account yet: `naru accounts add`.'
      : notes(answer.accounts.map((one) => ({ ...one, head: [one.account, one.adapter, one.state] }))),
});

/** `naru mappings import FILE --account ID` */
export const importMappingsCommand = defineCommand({
  name: 'mappings import',
  input: z.object({ accountId: z.string(), file: z.unknown() }),
  run: (app, input) => importMappings(app.deps, { ...input, file: input.file }),
  text: (answer) =>
    `계정 ${answer.account} 매핑: 카테고리 ${answer.categories} · 고시 ${answer.notices} · 배송 ${answer.shipping}  (categories · notices · shipping)`,
});

/** `naru mappings show --account ID` */
export const showMappingsCommand = defineCommand({
  name: 'mappings show',
  input: z.object({ accountId: z.string() }),
  run: async (app, input) => {
    const account = await findAccount(app.store, input.accountId);
    if (!account) throw unknownAccount(input.accountId);
    return account.mappings;
  },
  text: (answer) => JSON.stringify(answer, null, 2),
});

/** `naru campaigns apply FILE` */
export const applyCampaignCommand = defineCommand({
  name: 'campaigns apply',
  input: z.object({ file: z.unknown() }),
  run: async (app, input) => {
    const result = await applyCampaign(app.deps, input.file);
    return {
      campaign: result.campaign,
      result: result.result,
      starts_at: result.startsAt.toISOString(),
      ends_at: result.endsAt.toISOString(),
      accounts: result.accounts,
      members: result.members,
      unknown_skus: result.unknownSkus,
    };
  },
  text: (answer) => {
    const window = `${formatSeoul(new Date(answer.starts_at))} ~ ${formatSeoul(new Date(answer.ends_at))}`;
    const unknown =
      answer.unknown_skus.length > 0 ? `\n아직 없는 SKU / not imported yet: ${answer.unknown_skus.join(', ')}` : '';
    return `기획전 ${answer.campaign} (${answer.result}): ${window} (Asia/Seoul), 상품 ${answer.members} products${unknown}`;
  },
});

/** `naru campaigns list` */
export const listCampaignsCommand = defineCommand({
  name: 'campaigns list',
  input: z.object({}),
  run: async (app) => {
    const campaigns = await listCampaigns(app.store);
    return {
      campaigns: campaigns.map((campaign) => ({
        id: campaign.id,
        name: campaign.name,
        starts_at: campaign.startsAt.toISOString(),
        ends_at: campaign.endsAt.toISOString(),
        accounts: campaign.accountIds,
        members: campaign.members.length,
      })),
    };
  },
  text: (answer) =>
    table(
      ['기획전 campaign', '이름 name', '시작 start', '끝 end', '계정 accounts', '상품 products'],
      answer.campaigns.map((one) => [
        one.id,
        one.name,
        formatSeoul(new Date(one.starts_at)),
        formatSeoul(new Date(one.ends_at)),
        one.accounts.join(', '),
        one.members,
      ]),
    ),
});

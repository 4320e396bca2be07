import { resolve } from 'node:path';
import { Command as Commander, CommanderError, Option } from 'commander';
import { approvalStates } from '../domain/approval.ts';
import { listingStates } from '../domain/listing.ts';
import { codeOf, isPeopleError } from '../domain/people-error.ts';
import { streams } from '../domain/stream.ts';
import { packageVersion } from '../runtime/package-files.ts';
import { salesGroupings } from '../store/sales.ts';
import type { Command } from './command.ts';
import * as accounts from './commands/accounts.ts';
import * as products from './commands/products.ts';
import * as reports from './commands/reports.ts';
import * as sync from './commands/sync.ts';
import type { Entry } from './entry.ts';
import { jsonOption } from './json-option.ts';
import { addExchange } from './program-exchange.ts';
import { addProcesses } from './program-processes.ts';
import { runCommand } from './run-command.ts';
import { readJsonFile } from './sandbox.ts';
import { usageError } from './usage-error.ts';

/** Exit codes of the command line: 0 done, 1 done with refused or failed items, 2 unusable input or configuration. */
export async function runCli(entry: Entry, argv: readonly string[]): Promise<number> {
  const json = argv.includes('--json');
  let exitCode = 0;
  const setExit = (code: number) => {
    exitCode = code;
  };
  try {
    await createProgram(entry, setExit).parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) return tellError(error, json);
    if (error.exitCode === 0) return 0;
    // A group without a command has shown its help; there is nothing to add.
    return error.code === 'commander.help' ? 2 : tellError(usageError(error), json);
  }
}

/** A sentence for people on stderr, an object for machines on stdout; never a stack trace. */
function tellError(error: unknown, json: boolean): number {
  const known = isPeopleError(error);
  const code = known ? codeOf(error) : 'fault';
  const ko = known
    ? error.messageKo
    : '예상하지 못한 오류로 멈췄습니다. NARU_LOG_LEVEL=debug로 다시 실행해 로그를 운영자에게 보내 주십시오.';
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
  const en = known
    ? error.messageEn
    : `Stopped by an unexpected fault (${reason}). Run it again with NARU_LOG_LEVEL=debug and send the log to the operator.`;
  process.stderr.write(`${ko}\n${en}\n`);
  if (json) process.stdout.write(`${JSON.stringify({ error: { code, message_ko: ko, message_en: en } })}\n`);
  return 2;
}

function createProgram(entry: Entry, setExit: (code: number) => void): Commander {
  const program = new Commander('naru')
    .description(
      '나루 Naru: 승인된 녹색제품을 여러 온라인 판매처에 올리고 주문과 매출을 가져옵니다.\nCarries approved green products to marketplaces and brings orders and sales back.',
    )
    .version(packageVersion())
    // Its errors are told with all others, in both languages.
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
  const run = async <Input, Answer extends object>(
    command: Command<Input, Answer>,
    input: unknown,
    options: { json?: boolean },
  ) => {
    const json = options.json === true;
    const { answer, exitCode } = await runCommand(entry, command, input, { json });
    process.stdout.write(json ? `${JSON.stringify(answer)}\n` : `${command.text(answer)}\n`);
    setExit(exitCode);
  };
  addProducts(program, run);
  addAccounts(program, run);
  addSync(program, run);
  addReports(program, run);
  addExchange(program, run);
  addProcesses(program, entry, setExit);
  return program;
}

export type Run = <Input, Answer extends object>(
  command: Command<Input, Answer>,
  input: unknown,
  options: { json?: boolean },
) => Promise<void>;

function addProducts(program: Commander, run: Run): void {
  const group = program.command('products').description('상품 / products');
  group
    .command('import <file>')
    .description('카탈로그 가져오기: .json .csv .xlsx / import a catalogue')
    .option('--rename', '같은 SKU의 이름 변경을 허용 / accept a new name under a known SKU')
    .addOption(jsonOption())
    .action((file: string, options) =>
      run(products.importProducts, { path: resolve(file), rename: options.rename }, options),
    );
  group
    .command('approve [skus...]')
    .description('승인 / approve')
    .option('--all-valid', '문제없는 상품 모두 / everything without findings')
    .requiredOption('--by <name>', '승인하는 사람 / who approves')
    .option('--accept-warnings <reason>', '경고가 있어도 승인하는 사유 / why, in spite of warnings')
    .addOption(jsonOption())
    .action((skus: string[], options) =>
      run(
        products.approve,
        { skus, allValid: options.allValid, by: options.by, acceptWarnings: options.acceptWarnings ?? null },
        options,
      ),
    );
  for (const [name, to, what] of [
    ['reject', 'rejected', '반려 / reject'],
    ['suspend', 'suspended', '판매 중지 / suspend'],
  ] as const) {
    group
      .command(`${name} <skus...>`)
      .description(what)
      .requiredOption('--by <name>', '결정하는 사람 / who decides')
      .requiredOption('--reason <text>', '사유 / why')
      .addOption(jsonOption())
      .action((skus: string[], options) =>
        run(products.decide, { skus, to, by: options.by, reason: options.reason }, options),
      );
  }
  group
    .command('list')
    .description('목록 / list')
    .addOption(new Option('--state <state>').choices([...approvalStates]))
    .addOption(jsonOption())
    .action((options) => run(products.listProducts, { state: options.state }, options));
  group
    .command('show <sku>')
    .description('상품과 승인 이력 / product and its history')
    .addOption(jsonOption())
    .action((sku: string, options) => run(products.showProduct, { sku }, options));
}

function addAccounts(program: Commander, run: Run): void {
  const group = program.command('accounts').description('판매처 계정 / accounts');
  group
    .command('add <id>')
    .description('등록·변경 / add or change')
    .requiredOption('--adapter <adapter>', '어댑터 / adapter id')
    .requiredOption('--config <file>', '설정 파일 / JSON with settings and credentials')
    .addOption(jsonOption())
    .action(async (accountId: string, options) =>
      run(
        accounts.addAccountCommand,
        { accountId, adapterId: options.adapter, file: await readJsonFile(options.config) },
        options,
      ),
    );
  group
    .command('check <id>')
    .description('연결 확인 / check')
    .addOption(jsonOption())
    .action((accountId: string, options) => run(accounts.checkAccountCommand, { accountId }, options));
  group
    .command('resume <id>')
    .description('멈춘 계정 다시 시작 / resume a paused account')
    .addOption(jsonOption())
    .action((accountId: string, options) => run(accounts.resumeAccountCommand, { accountId }, options));
  group
    .command('list')
    .description('목록 / list')
    .addOption(jsonOption())
    .action((options) => run(accounts.listAccountsCommand, {}, options));
  const mappings = program.command('mappings').description('계정별 매핑 / mappings');
  mappings
    .command('import <file>')
    .description('매핑 가져오기 / import')
    .requiredOption('--account <id>')
    .addOption(jsonOption())
    .action(async (file: string, options) =>
      run(accounts.importMappingsCommand, { accountId: options.account, file: await readJsonFile(file) }, options),
    );
  mappings
    .command('show')
    .description('매핑 보기 / show')
    .requiredOption('--account <id>')
    .addOption(jsonOption())
    .action((options) => run(accounts.showMappingsCommand, { accountId: options.account }, options));
  const campaigns = program.command('campaigns').description('기획전 / campaigns');
  campaigns
    .command('apply <file>')
    .description('만들거나 고치기 / create or update')
    .addOption(jsonOption())
    .action(async (file: string, options) =>
      run(accounts.applyCampaignCommand, { file: await readJsonFile(file) }, options),
    );
  campaigns
    .command('list')
    .description('목록 / list')
    .addOption(jsonOption())
    .action((options) => run(accounts.listCampaignsCommand, {}, options));
}

function addSync(program: Commander, run: Run): void {
  program
    .command('push')
    .description('상품 올리기 / push listings')
    .option('--account <id>')
    .option('--campaign <id>')
    .option('--wait', '끝날 때까지 기다리기 / wait until it has settled')
    .option('--dry-run', '계획만, 판매처 호출 없음 / plan only, call nobody')
    .addOption(jsonOption())
    .action((options) =>
      run(
        sync.pushCommand,
        { accountId: options.account, campaignId: options.campaign, wait: options.wait, dryRun: options.dryRun },
        options,
      ),
    );
  program
    .command('pull')
    .description('주문·클레임·정산 가져오기 / pull')
    .addArgument(new Commander().createArgument('<stream>', '종류 / what').choices([...streams, 'all']))
    .option('--account <id>')
    .option('--from <day>')
    .option('--to <day>')
    .option('--sweep', '더 멀리 거슬러 확인 / read further back')
    .option('--wait', '끝날 때까지 기다리기 / wait')
    .addOption(jsonOption())
    .action((stream: string, options) =>
      run(
        sync.pullCommand,
        {
          stream,
          accountId: options.account,
          from: options.from,
          to: options.to,
          sweep: options.sweep,
          wait: options.wait,
        },
        options,
      ),
    );
}

function addReports(program: Commander, run: Run): void {
  program
    .command('sales')
    .description('매출 / sales')
    .option('--campaign <id>')
    .option('--from <day>')
    .option('--to <day>')
    .addOption(new Option('--by <grouping>').choices([...salesGroupings]).default('day'))
    .option('--as-of <time>', '그때 알던 값으로 / as known then')
    .addOption(jsonOption())
    .action((options) =>
      run(
        reports.salesCommand,
        { campaignId: options.campaign, from: options.from, to: options.to, by: options.by, asOf: options.asOf },
        options,
      ),
    );
  program
    .command('listings')
    .description('등록 상태 / listings')
    .option('--account <id>')
    .addOption(new Option('--state <state>').choices([...listingStates]))
    .addOption(jsonOption())
    .action((options) => run(reports.listingsCommand, { accountId: options.account, state: options.state }, options));
  const letters = program.command('dead-letters').description('실패 기록 / dead letters');
  letters
    .command('list')
    .description('목록 / list')
    .option('--account <id>')
    .addOption(jsonOption())
    .action((options) => run(reports.deadLettersCommand, { accountId: options.account }, options));
  letters
    .command('replay <id>')
    .description('다시 실행 / run again')
    .addOption(jsonOption())
    .action((id: string, options) => run(reports.replayCommand, { id: Number(id) }, options));
  program
    .command('doctor')
    .description('점검 / what needs attention')
    .addOption(jsonOption())
    .action((options) => run(reports.doctorCommand, {}, options));
}

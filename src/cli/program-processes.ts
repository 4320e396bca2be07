import type { Command as Commander } from 'commander';
import { z } from 'zod';
import type { AnyChannel } from '../channel/contract.ts';
import { runDemo } from './demo.ts';
import type { Entry } from './entry.ts';
import { jsonOption } from './json-option.ts';
import { table } from './output.ts';
import { runSandbox } from './sandbox.ts';
import { runService, type ServiceName } from './services.ts';

/** Commands that are a process of their own, and what this build can do. */
export function addProcesses(program: Commander, entry: Entry, setExit: (code: number) => void): void {
  program
    .command('adapters')
    .description('어댑터와 설정 형식 / adapters and their formats')
    .addOption(jsonOption())
    .action((options) => {
      process.stdout.write(`${options.json ? JSON.stringify(describeAdapters(entry)) : adaptersText(entry)}\n`);
    });
  program
    .command('demo')
    .description('샌드박스로 전체 흐름 보기 / the whole story on sandboxes')
    .addOption(jsonOption())
    .action(async (options) => setExit(await runDemo(entry, { json: options.json === true })));
  program
    .command('sandbox <adapter>')
    .description('샌드박스 실행 / run a sandbox')
    .option('--port <n>', '포트 / port', '0')
    .option('--faults <file>', '고장 설정 / faults')
    .addOption(jsonOption())
    .action((adapter: string, options) =>
      runSandbox(entry, adapter, {
        port: Number(options.port),
        faultsFile: options.faults ?? null,
        json: options.json === true,
      }),
    );
  const services: [ServiceName, string][] = [
    ['start', '모두 한 프로세스로 / everything in one process'],
    ['worker', '작업자만 / worker only'],
    ['scheduler', '예약만 / scheduler only'],
    ['api', 'API만 / api only'],
  ];
  for (const [name, what] of services)
    program
      .command(name)
      .description(what)
      .action(() => runService(entry, name));
}

function capabilitiesOf(adapter: AnyChannel): string[] {
  return capabilityGroups.filter((group) => adapter[group] !== undefined);
}

/** Optional groups of the contract; one that an adapter does not have is not supported. */
const capabilityGroups = [
  'listings',
  'batches',
  'orders',
  'claims',
  'settlements',
  'shipments',
  'inquiries',
  'inbound',
  'catalogue',
  'mappings',
] as const;

function describeAdapters(entry: Entry): object {
  return {
    adapters: entry.registry.list().map((adapter) => ({
      id: adapter.id,
      kind: adapter.kind,
      name: adapter.name,
      api_version: adapter.apiVersion,
      documentation: adapter.documentation,
      capabilities: capabilitiesOf(adapter),
      limits: adapter.limits,
      settings_schema: z.toJSONSchema(adapter.settings, { io: 'input', unrepresentable: 'any' }),
      credentials_schema: z.toJSONSchema(adapter.credentials, { io: 'input', unrepresentable: 'any' }),
    })),
  };
}

function adaptersText(entry: Entry): string {
  return table(
    ['어댑터 adapter', '이름 name', '종류 kind', '기능 capabilities'],
    entry.registry
      .list()
      .map((adapter) => [
        adapter.id,
        `${adapter.name.ko}\n${adapter.name.en}`,
        adapter.kind,
        capabilitiesOf(adapter).join(', '),
      ]),
  );
}

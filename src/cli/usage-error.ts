import type { CommanderError } from 'commander';
import { PeopleError } from '../domain/people-error.ts';

/** What the parser of the command line said, as an error for people. */
export function usageError(error: CommanderError): PeopleError {
  // Every command with an answer takes it, so whoever gave it to none has left out the command.
  if (error.code === 'commander.unknownOption' && error.message.includes("'--json'")) {
    return new PeopleError(
      'usage',
      '--json 앞에 명령이 빠졌거나, 그 명령에는 --json이 없습니다. 명령의 목록은 `naru --help`에 있습니다.',
      'A command is missing before --json, or this command does not take it. See `naru --help` for the commands.',
    );
  }
  const said = error.message.replace(/^error: /, '').replace(/\.$/, '');
  return new PeopleError(
    'usage',
    `명령을 실행할 수 없습니다 (${said}). 쓰는 법은 \`naru --help\`에 있습니다.`,
    `The command cannot be run: ${said}. See \`naru --help\`.`,
  );
}

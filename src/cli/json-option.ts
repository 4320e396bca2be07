import { Option } from 'commander';

/** Every command can answer machines. */
export const jsonOption = () => new Option('--json', '결과를 JSON 하나로 / one JSON object on stdout');

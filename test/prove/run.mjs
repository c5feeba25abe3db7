// `pnpm prove <topic>`: a full run, and its report for `test/prove/reports`: command, commit, machine, figures.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

// Given, the same cases are tried again.
const seed = process.env.MINTMARK_TEST_SEED ?? String(Math.floor(Math.random() * 2 ** 31));

/** What can be proved: the command that does it, and how many of its last lines are its figures. */
const topics = {
  "bare-machine": { command: ["bash", "test/bare-machine.sh"], lines: 40 },
  parsers: {
    command: ["vitest", "run", "--project", "unit", "packages/token-issuer", "--testTimeout=600000"],
    env: { MINTMARK_PROPERTY_RUNS: "100000", MINTMARK_TEST_SEED: seed, NO_COLOR: "1" },
    // Every file of the package has a line, and every test of a second and more.
    lines: 240,
  },
  durability: {
    command: ["vitest", "run", "--project", "faults-prove", "durability", "full-spool"],
    env: { NO_COLOR: "1" },
    lines: 40,
  },
  "steady-state": {
    command: ["vitest", "run", "--project", "faults-prove", "steady-state"],
    env: { NO_COLOR: "1" },
    lines: 20,
  },
  freshness: {
    command: ["vitest", "run", "--project", "faults-prove", "freshness", "cold-start"],
    env: { NO_COLOR: "1" },
    lines: 40,
  },
  rotation: {
    command: ["vitest", "run", "--project", "faults-prove", "rotation"],
    env: { NO_COLOR: "1" },
    lines: 20,
  },
  fleet: {
    command: ["vitest", "run", "--project", "faults-prove", "fleet"],
    env: { NO_COLOR: "1" },
    lines: 20,
  },
  import: {
    command: ["vitest", "run", "--project", "faults-prove", "import"],
    env: { NO_COLOR: "1" },
    lines: 20,
  },
  "client-memory": {
    command: ["node", "--expose-gc", "--max-old-space-size=6000", "test/prove/client-memory.ts", "1000000"],
    lines: 20,
  },
  // What is timed runs alone, on a machine that does nothing else, in the browser that people have.
  "console-speed": {
    command: ["vitest", "run", "--project", "console-speed", "--reporter=verbose"],
    env: { NO_COLOR: "1", CHROMIUM: "/usr/bin/chromium" },
    lines: 60,
  },
  console: { command: ["node", "test/prove/console.mjs"], env: { NO_COLOR: "1" }, lines: 520 },
  everything: { command: ["node", "test/run.mjs"], env: { NO_COLOR: "1", MINTMARK_TEST_WHOLE: "1" }, lines: 30 },
};

const [name] = process.argv.slice(2);
const topic = Object.hasOwn(topics, name ?? "") ? topics[name] : undefined;
if (!topic) {
  process.stderr.write(`Say what to prove: pnpm prove ${Object.keys(topics).join(" | ")}\n`);
  process.exit(1);
}

const git = (...args) => spawnSync("git", args, { cwd: root, encoding: "utf8" }).stdout.trim();

/** Runs the topic's command, shows what it prints, and keeps it. */
async function output({ command: [program, ...args], env }) {
  const child = spawn(program, args, { cwd: root, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      text += chunk;
      process.stdout.write(chunk);
    });
  const code = await new Promise((resolve) => child.once("close", resolve));
  return { text, code };
}

const began = Date.now();
// Reports that wait to be committed change nothing of what is proved.
const changes = git("status", "--porcelain", "--", ".", ":!test/prove/reports");
const commit = `${git("rev-parse", "--short", "HEAD")}${changes ? ", with changes" : ""}`;
const { text, code } = await output(topic);
const machine = `${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.version}`;
const setting = Object.entries(topic.env ?? {})
  .filter(([key]) => key.startsWith("MINTMARK_"))
  .map(([key, value]) => `${key}=${value} `)
  .join("");
const report = `# ${name}

- command: \`pnpm prove ${name}\` (${setting}${topic.command.join(" ")})
- commit: ${commit}
- machine: ${machine}
- date: ${new Date().toISOString().slice(0, 10)}, ${Math.round((Date.now() - began) / 1000)} s
- outcome: ${code === 0 ? "passed" : `failed (${code})`}

\`\`\`
${text.trimEnd().split("\n").slice(-topic.lines).join("\n").replaceAll(root, ".")}
\`\`\`
`;
mkdirSync(join(root, "test/prove/reports"), { recursive: true });
writeFileSync(join(root, `test/prove/reports/${name}.md`), report);
process.exit(code ?? 1);

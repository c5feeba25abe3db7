import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { remember } from "../support/canaries.ts";

/** The tabs whose code is a program, and what runs it when it is pasted. */
const programs = {
  curl: ["bash"],
  "Node.js": [process.execPath, "--input-type=module"],
  Python: ["python3", "-"],
  Go: ["go", "run"],
} as const;

export type Language = keyof typeof programs;

export const languages = Object.keys(programs) as readonly Language[];

export function printed(command: readonly string[], input: string, cwd: string): Promise<string> {
  const [program = "", ...args] = command;
  const { PATH = "", HOME = cwd } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { PATH, HOME, GOFLAGS: "-mod=mod", GOPATH: join(cwd, "go") } });
    let [out, problems] = ["", ""];
    child.stdout.on("data", (chunk) => (out += chunk));
    child.stderr.on("data", (chunk) => (problems += chunk));
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve(out) : reject(new Error(`${program} ended with ${code}: ${problems}${out}`)),
    );
    child.stdin.end(input);
  });
}

/** Pastes a snippet where it belongs, in an empty folder, and answers the token that it prints. */
export async function tokenOf(language: Language, code: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "mintmark-snippet-"));
  try {
    const file = join(folder, "main.go");
    if (language === "Go") writeFileSync(file, code);
    const out = await printed(
      language === "Go" ? [...programs.Go, file] : programs[language],
      language === "Go" ? "" : code,
      folder,
    );
    const [token] = /eyJ[\w-]+\.[\w-]+\.[\w-]+/.exec(out) ?? [];
    if (!token) throw new Error(`the ${language} snippet printed no token: ${out}`);
    return remember(token);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Checks a token as an API would: signature by the issuer's published keys, issuer, audience (RFC 9068 §4). */
export async function claimsOf(token: string, issuer: string, audience: string): Promise<Record<string, unknown>> {
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
  const { payload } = await jwtVerify(token, keys, { issuer, audience, typ: "at+jwt" });
  return payload;
}

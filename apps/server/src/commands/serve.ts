import cluster from "node:cluster";
import { createSecretKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import { answers } from "@mintmark/db";
import {
  clientRegistry,
  newSetUpCode,
  postgresIssuerStore,
  recordDroppedCertificate,
  startHousekeeping,
  startNoticeSender,
  workspacesWithoutNextKey,
  writeCountedRefusals,
} from "@mintmark/domain";
import { createTokenIssuer, type IssuerPath } from "@mintmark/token-issuer";
import type { Administration } from "../administration.ts";
import { type Config, isLoopbackHost, parseConfig } from "../config.ts";
import { readConsole } from "../console-files.ts";
import { readAuthorities } from "../egress/authorities.ts";
import { documentFetcher } from "../egress/fetch-document.ts";
import { guardSockets } from "../egress/guard-sockets.ts";
import { messagePoster } from "../egress/post-message.ts";
import { createHttpServer, createMtlsServer, type TlsIdentity } from "../http.ts";
import { createLog, type Log } from "../log.ts";
import { noticeMailer } from "../mail/notices.ts";
import { openMail } from "../mail/transport.ts";
import { createMetrics } from "../metrics.ts";
import { type Opened, openInstallation } from "../open.ts";
import type { RequestContext } from "../request-context.ts";
import { CommandFailure, type Shell } from "../shell.ts";
import { DOORS, listenerOf } from "./listener.ts";
import { amongWorkers } from "./worker-metrics.ts";
import { startWorkers } from "./workers.ts";

/** `mintmark serve`: runs until it is told to stop. */
export async function serveCommand(shell: Shell): Promise<void> {
  const config = parseConfig(shell.env);
  const stopped = new Promise<string>((resolve) => shell.onStop(resolve));
  const log = createLog(config.logLevel, shell.logs);
  shell.onCrash((error) => log.fatal({ err: error }, "crashed"));
  const opened = await openInstallation(config, cluster.isWorker ? "serve-worker" : "serve", shell);
  // What the operator names by a setting is open, wherever it is.
  guardSockets([...config.egressAllow, opened.databaseHost, ...(config.mail ? [config.mail] : [])]);
  try {
    const running =
      config.workers > 1 && cluster.isPrimary
        ? await startWorkers(config.workers, log)
        : await startServer(config, opened, log);
    if (cluster.isPrimary) await greet(config, opened, shell);
    const reason = await stopped;
    log.info({ reason }, "stopping");
    await running.stop();
  } finally {
    await opened.close();
  }
  log.info("stopped");
}

async function startServer(config: Config, opened: Opened, log: Log) {
  const running = await createRunning(config, opened, log);
  await running.listener.open(config);
  if (running.mtls) await running.mtls.listener.open({ ...config, port: running.mtls.port });
  void running.housekeeping.once();
  return running;
}

/** Says where the server listens, and how to become its owner. */
async function greet(config: Config, { installation }: Opened, shell: Shell): Promise<void> {
  const code = await newSetUpCode(installation);
  shell.print(addressLine(config));
  if (code !== undefined) {
    shell.print(`Nobody owns this server yet. Open ${config.origin}/console/setup within 30 minutes.`);
    shell.print(`Set-up code: ${code}`);
  }
  const warning = openDoor(config);
  if (warning !== undefined) shell.complain(warning);
}

function addressLine({ port, origin }: Config): string {
  const local = `http://localhost:${port}`;
  return origin === local ? `Mintmark listens on ${local}` : `Mintmark listens on ${local} (for callers: ${origin})`;
}

/** Others on the network reach a server that takes itself for one on this machine: allowed, and said. */
function openDoor({ host, isProduction }: Config): string | undefined {
  if (isProduction || isLoopbackHost(host)) return undefined;
  return (
    `HOST is ${host}, so others on the network reach this server, without TLS and with settings for one machine. ` +
    "Put TLS in front and set PUBLIC_URL to that address, or leave HOST out."
  );
}

/** Puts the parts together. */
async function createRunning(
  config: Config,
  { installation: opened, tokenDatabase, openConnection }: Opened,
  log: Log,
) {
  let isStopping = false;
  const me = cluster.worker;
  const scraped = {
    isDatabaseUp: () => answers(tokenDatabase),
    workspacesWithoutNextKey: () => workspacesWithoutNextKey(opened.database),
  };
  const metrics = createMetrics(scraped, me && ((own) => amongWorkers(me, own)));
  const authorities = readAuthorities(config.egressCaFile);
  const sendMail = config.mail && openMail(config.mail, new URL(config.origin).hostname, authorities);
  const notices = startNoticeSender(
    opened,
    {
      post: messagePoster(config.webhookAllow, authorities),
      mail: sendMail && noticeMailer(sendMail, config.origin, log),
    },
    (error) => log.warn({ err: error }, "notices could not be sent now and are tried again"),
  );
  const store = await postgresIssuerStore(
    { ...opened, database: tokenDatabase },
    {
      open: openConnection,
      spoolFolder: join(config.dataDir, "spool"),
      setAside: (error, { jti }, file) => {
        metrics.recordSetAside();
        log.error({ err: error, jti, file }, "the database refuses a token record for ever: it is kept in that file");
      },
      heard: notices.heard,
      complain: (error) => log.warn({ err: error }, "a token record could not be written now"),
    },
  );
  const { replica } = store;
  const installation = { ...opened, caughtUp: () => replica.confirm(), feedNumber: replica.feedNumber };
  const askDocument = documentFetcher(authorities);
  const issuer = createTokenIssuer({
    store,
    registry: clientRegistry(installation),
    fetchDocument: askDocument,
    nonceKey: createSecretKey(installation.keyring.secretFor("DPoP nonces"), "base64url"),
    recorder: metrics.decisions,
    freshReplicas: () => store.replica.fresh,
    onIssued: store.countIssued,
    onKeySetFetched: store.noteKeySetFetch,
    errorUri: ({ tenant, workspace }, correlationId) =>
      `${config.origin}/console/t/${tenant}/w/${workspace}/explain?request=${correlationId}`,
    mtlsOrigin: config.mtls.origin,
    onUnexpectedError: (error, correlationId) => log.error({ correlationId, err: error }, "unexpected error"),
  });
  // While the database is away tokens go on from memory, for as long as that may be believed.
  const notReady = () => (isStopping ? "The server is stopping." : store.replica.notReady());
  // What an audit log is compared with later must not depend on how much somebody wants to read today.
  const evidence = config.logLevel === "silent" ? log : log.child({}, { level: "info" });
  const housekeeping = startHousekeeping(
    opened,
    store.replica.id,
    (error) => log.warn({ err: error }, "housekeeping failed and is tried again in a minute"),
    (auditCheckpoint) => evidence.info({ auditCheckpoint }, "checkpoint of the audit log"),
    { mails: sendMail !== undefined, wake: notices.wake },
  );
  let administration: Promise<Administration> | undefined;
  const openOnce = () => {
    administration ??= import("../administration.ts").then(({ openAdministration }) =>
      openAdministration({
        installation,
        issuer,
        askDocument,
        sendMail,
        pulses: store.pulses,
        feedNumber: store.replica.feedNumber,
        noteUse: store.noteUse,
        log,
      }),
    );
    return administration;
  };
  const auditDropped = async ({ tenant, workspace }: IssuerPath, context: RequestContext) => {
    // Out of memory and within its budget, as for the request itself: what nobody has costs no question to the database.
    const place = await store.findIssuer(tenant, workspace, "cached");
    if (place) await recordDroppedCertificate(opened, place, contextForAudit(context));
  };
  const consoleFiles = readConsole();
  const parts = {
    onDroppedCertificate: (at: IssuerPath, context: RequestContext) =>
      void auditDropped(at, context).catch((error: unknown) =>
        log.warn({ err: error }, "a dropped certificate header could not be audited now"),
      ),
    config,
    issuer,
    administration: openOnce,
    consoleFiles,
    metrics,
    log,
    notReady,
  };
  // The workers of a cluster are given their connections by the process that started them.
  const listener = listenerOf(createHttpServer(parts), me ? 1 : DOORS);
  const tls = config.mtls.listener;
  const mtls = tls && { listener: listenerOf(createMtlsServer(parts, await tlsIdentity(tls))), port: tls.port };
  return {
    listener,
    mtls,
    housekeeping,
    async stop() {
      isStopping = true;
      void administration?.then(({ endStreams }) => endStreams());
      const imports = administration?.then(({ endImports }) => endImports());
      await Promise.all([listener.drain(), mtls?.listener.drain(), imports]);
      await Promise.all([housekeeping.stop(), notices.stop()]);
      await Promise.all([store.settled(), administration?.then(({ signIn }) => signIn.settled())]);
      await writeCountedRefusals();
    },
  };
}

const contextForAudit = ({ correlationId, address, headers }: RequestContext) => ({
  correlationId,
  address,
  agent: headers.find(([name]) => name.toLowerCase() === "user-agent")?.[1]?.slice(0, 256),
});

async function tlsIdentity({
  certificateFile,
  keyFile,
}: {
  certificateFile: string;
  keyFile: string;
}): Promise<TlsIdentity> {
  const read = (file: string, name: string) =>
    readFile(file).catch(() => {
      throw new CommandFailure(
        `${name} is ${file}, which cannot be read. Name a file in PEM that this account may read.`,
      );
    });
  const identity = { cert: await read(certificateFile, "MTLS_CERT_FILE"), key: await read(keyFile, "MTLS_KEY_FILE") };
  try {
    createSecureContext(identity);
  } catch (error) {
    throw new CommandFailure(
      `MTLS_CERT_FILE and MTLS_KEY_FILE cannot be used together (${(error as Error).message}). Give a certificate and its own key in PEM.`,
    );
  }
  return identity;
}

import { linkOptions, useParams } from "@tanstack/react-router";
import { Fragment } from "react";
import { AppLink } from "../../ui/link.tsx";
import { type Segment, segmentsOf, type Told } from "./sentence.ts";

function Name({ segment, linked }: { segment: Exclude<Segment, string>; linked: boolean }) {
  const { tenant = "", workspace = "" } = useParams({ strict: false });
  const { name, kind, id } = segment;
  if (!linked || !kind || !id) return <b className="said">{name}</b>;
  const params = { tenant, workspace, id };
  const to =
    kind === "client"
      ? linkOptions({ to: "/t/$tenant/w/$workspace/clients/$id", params })
      : linkOptions({ to: "/t/$tenant/w/$workspace/apis/$id", params });
  return (
    <AppLink to={to} className="said">
      {name}
    </AppLink>
  );
}

/** What happened in one sentence; the things that are still there lead to their pages unless the whole row does something. */
export function SentenceLine({ entry, linked = false }: { entry: Told; linked?: boolean }) {
  return segmentsOf(entry).map((segment, at) => (
    <Fragment key={at}>{typeof segment === "string" ? segment : <Name segment={segment} linked={linked} />}</Fragment>
  ));
}

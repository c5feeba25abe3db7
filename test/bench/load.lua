-- Sends ready requests from the file, each time one drawn at random, or one after the other; counts what is no success.
local requests = {}
local threads = {}

function setup(thread) table.insert(threads, thread) end

-- Here, and not before: now wrk knows the Host header that every request needs.
function init()
  math.randomseed(os.time())
  expected = os.getenv("BENCH_EXPECTED")
  inOrder = os.getenv("BENCH_IN_ORDER") == "1"
  refused = 0
  failed = 0
  local file = io.open(os.getenv("BENCH_REQUESTS"), "r")
  for line in file:lines() do
    local path, authorization, contentType, body = line:match("^([^\t]+)\t([^\t]+)\t([^\t]+)\t(.*)$")
    requests[#requests + 1] = wrk.format("POST", path, {
      ["Host"] = wrk.headers["Host"],
      ["Authorization"] = authorization,
      ["Content-Type"] = contentType,
    }, body)
  end
  file:close()
end

local last = 0

function request()
  if not inOrder then return requests[math.random(#requests)] end
  last = last % #requests + 1
  return requests[last]
end

function response(status, headers, body)
  -- 429: beyond what one address may get wrong.
  if status == 401 or status == 429 then refused = refused + 1
  elseif status ~= 200 or not body:find(expected, 1, true) then failed = failed + 1 end
end

function done(summary, latency)
  local refused, failed = 0, 0
  for _, thread in ipairs(threads) do
    refused = refused + thread:get("refused")
    failed = failed + thread:get("failed")
  end
  local errors = summary.errors
  io.write(string.format(
    '\nBENCH {"requests":%d,"microseconds":%d,"refused":%d,"failed":%d,"broken":%d,"p50":%d,"p95":%d,"p99":%d}\n',
    summary.requests, summary.duration, refused, failed, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(95), latency:percentile(99)))
end

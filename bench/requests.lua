-- Sends the requests of a file one after the other: whole HTTP messages, each ended by a zero byte. With ROUND=1 it
-- begins again at its end; else a thread stops when its share is used up.

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  local file = assert(io.open(args[1], "rb"))
  local every, again = tonumber(args[2]), args[3] == "round"
  messages, position, round = {}, 0, again
  local n = 0
  for message in string.gmatch(file:read("*a"), "([^%z]+)%z") do
    if again or n % every == number then messages[#messages + 1] = message end
    n = n + 1
  end
  file:close()
end

function request()
  position = position + 1
  if position > #messages then
    if round then position = 1 else wrk.thread:stop() position = #messages end
  end
  return messages[position]
end

function done(summary, latency, requests)
  local faults = summary.errors
  io.write(string.format(
    "\n{\"requests\": %d, \"seconds\": %.6f, \"refused\": %d, \"broken\": %d, \"p50_ms\": %.3f, \"p95_ms\": %.3f, \"p99_ms\": %.3f}\n",
    summary.requests, summary.duration / 1e6, faults.status, faults.connect + faults.read + faults.write + faults.timeout,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end

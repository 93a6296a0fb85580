-- What wrk asks: the targets of a file in turn, so that all are asked equally often.
-- Arguments: the file (a line each: Accept, a tab, what stands before and after the number in the path and query),
-- and the number that the first request bears, or 0 for none.
local before, after, headers, whole = {}, {}, {}, {}
local number, asked = 0, 0

function init(args)
  number = tonumber(args[2])
  for line in io.lines(args[1]) do
    local accept, first, second = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)$")
    before[#before + 1], after[#after + 1] = first, second
    headers[#headers + 1] = { ["Accept"] = accept }
    whole[#whole + 1] = wrk.format("GET", first .. second, headers[#headers])
  end
end

function request()
  local at = asked % #whole + 1
  asked = asked + 1
  if number == 0 then
    return whole[at]
  end
  return wrk.format("GET", before[at] .. "%0A%23%20" .. (number + asked) .. after[at], headers[at])
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests": %d, "seconds": %f, "bytes": %d, "p50": %f, "p95": %f, "status": %d, "timeout": %d, "socket": %d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1e6, latency:percentile(95) / 1e6,
    errors.status, errors.timeout, errors.connect + errors.read + errors.write))
end

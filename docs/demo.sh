#!/usr/bin/env bash
# A tour of one minute: the articles of seeds/articles/ become a store, and the store answers.
set -euo pipefail
cd "$(dirname "$0")/.."
kg=${KG:-kg}
store=demo/news.kg

run() {
  printf '\n$ kg %s\n' "$*"
  "$kg" "$@"
}

rm -rf demo
mkdir demo
run build seeds/articles --store "$store"
run query leaders --store "$store"
run query requests --store "$store"
run query bases --store "$store"
run export demo/news.ttl --store "$store"
run explain hmeimim-air-base operator russia --store "$store"

cat <<END

The store is $store, the same graph as Turtle demo/news.ttl. What to try next:
  $kg extract --text "زار بوتين دمشق أمس" --format table
  $kg questions
  $kg query timeline --store $store --param party=syria
  $kg build your-articles/ --store your.kg
END

#!/usr/bin/env bash
# A tour of one minute: the articles of seeds/articles/ become a store, and the store answers.
set -euo pipefail
cd "$(dirname "$0")/.."
kg=${KG:-kg}
store=demo/news.kg

about() {
  printf '\n\n# %s\n' "$*"
}

run() {
  printf '$ %s %s\n' "$kg" "$*"
  "$kg" "$@"
}

rm -rf demo
mkdir demo

about 'Four articles, two in Arabic and two in English, become a store of claims.'
run build seeds/articles --store "$store"

about 'Which military bases stand where, and who runs them?'
run query bases --store "$store"

about 'Who asked whom for what?'
run query requests --store "$store"

about 'What has only been planned, promised or asked for? The extradition is here, on the word of al-Sharaa …'
run query prospects --store "$store"

about '… and nowhere among the deeds: nobody has been extradited.'
extraditions='SELECT ?e { ?e gp:eventType ev:extradite }'
printf "\$ echo '%s' | %s query - --store %s\n" "$extraditions" "$kg" "$store"
echo "$extraditions" | "$kg" query - --store "$store"

about 'Where do articles contradict each other? Two of them date one signing differently.'
run query contradictions --store "$store"

about 'Why does the store say that Russia runs Hmeimim? The sentence, with the words that it rests on.'
run explain hmeimim-air-base operator russia --store "$store"

about 'The whole graph, with the world data behind it, as Turtle.'
run export demo/news.ttl --store "$store"

cat <<END


# What to try next
$kg extract --text "زار بوتين دمشق أمس" --format table
$kg questions
$kg query timeline --store $store --param party=syria
$kg query requests --store $store --param lang=ar
$kg explain extradite --store $store
$kg build your-articles/ --store your.kg
END

#!/usr/bin/env python3
"""Asks a Prometheus on 127.0.0.1:9090 whether it has what docker/ asks of it. Part of metrics.sh.

usage: metrics.py page URL              prints what the page says
       metrics.py value QUERY NUMBER    the query has one value, and it is this
       metrics.py count QUERY           prints how many series it has
       metrics.py panels DASHBOARD      every query of the dashboard has data
       metrics.py rules                 every rule evaluates, and every metric that it names exists
       metrics.py quiet                 no alert is pending or fires
       metrics.py firing ALERT INSTANCE
"""
import json
import os
import re
import sys
import urllib.parse
import urllib.request

API = "http://127.0.0.1:9090/api/v1/"
# What Grafana puts in for its variables.
VARIABLES = {"$__rate_interval": "10s", "$job": ".*", "$instance": ".*", "$interface": ".*"}


def page(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def api(path, **parameters):
    answer = json.loads(page(API + path + "?" + urllib.parse.urlencode(parameters)))
    if answer["status"] != "success":
        sys.exit(f"{path} {parameters}: {answer}")
    return answer["data"]


def query(expression):
    return api("query", query=expression)["result"]


def value(expression, wanted):
    got = [sample["value"][1] for sample in query(expression)]
    if len(got) != 1 or float(got[0]) != float(wanted):
        sys.exit(f"{expression}: wanted {wanted}, got {got}")


def panels(path):
    empty = []
    count = 0
    for panel in json.load(open(path))["panels"]:
        for target in panel.get("targets", []):
            expression = target["expr"]
            for variable, words in VARIABLES.items():
                expression = expression.replace(variable, words)
            count += 1
            values = [sample["value"][1] for sample in query(expression)]
            print(f"{panel['title']}: {len(values)} series, such as {values[:1]}")
            if not values or "NaN" in values:
                empty.append(f"{panel['title']}: {expression}: {values}")
    if empty or count < 30:
        sys.exit(f"{count} queries, without data:\n" + "\n".join(empty))


def rules():
    wrong = []
    known = set(api("label/__name__/values"))
    # Neither node is one of a cluster, which takes an etcd; a test of the build holds this page against the program.
    with open(os.path.join(os.path.dirname(__file__), "../docs/metrics.md"), encoding="utf-8") as page:
        known |= set(re.findall(r"`(wgnetty_cluster_\w+)`", page.read()))
    all_rules = [rule for group in api("rules")["groups"] for rule in group["rules"]]
    for rule in all_rules:
        names = set(re.findall(r"\b(?:wgnetty|wireguard|jvm|process)_\w+|\bup\b", rule["query"]))
        print(rule["name"], rule["health"], sorted(names))
        if rule["health"] != "ok":
            wrong.append(f"{rule['name']}: {rule['health']} {rule.get('lastError')}")
        if not names or names - known:
            wrong.append(f"{rule['name']}: there is no {sorted(names - known)}")
    if wrong or len(all_rules) < 10:
        sys.exit(f"{len(all_rules)} rules\n" + "\n".join(wrong))


def quiet():
    alerts = [(alert["state"], alert["labels"]) for alert in api("alerts")["alerts"]]
    if alerts:
        sys.exit(f"alerts: {alerts}")


def firing(name, instance):
    for alert in api("alerts")["alerts"]:
        labels = alert["labels"]
        if labels["alertname"] == name and labels["instance"] == instance and alert["state"] == "firing":
            print(alert["annotations"]["summary"])
            return
    sys.exit(f"{name} does not fire for {instance}")


command, *arguments = sys.argv[1:]
if command == "page":
    print(page(*arguments), end="")
elif command == "count":
    print(len(query(*arguments)))
else:
    {"value": value, "panels": panels, "rules": rules, "quiet": quiet, "firing": firing}[command](*arguments)

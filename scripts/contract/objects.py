"""Cases by their numbers: who is not shown one in the list is not shown it by its number either, and who is shown it there is."""

import requests

ROOMS = ("listings", "repairs", "objections", "officers", "measures-in-force")
WAIT_SECONDS_MAX = 20


def ask(base, token, path, **params):
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return requests.get(f"{base}/api/v1/{path}", params=params, headers=headers, timeout=WAIT_SECONDS_MAX)


def listed(base, token, room):
    """The numbers that a list shows, in all its pages; nothing where it is not this reader's."""
    numbers, cursor = set(), ""
    while cursor is not None:
        answer = ask(base, token, room, limit=100, cursor=cursor)
        if answer.status_code in (401, 403):
            return None
        page = answer.json()
        numbers |= {one["number"] for one in page["items"]}
        cursor = page["next"]
    return numbers


def check(base, tokens):
    """What is wrong, in words; and how many numbers were asked for."""
    wrong, asked = [], 0
    for room in ROOMS:
        shown = {role: listed(base, token, room) for role, token in tokens.items()}
        everything = set().union(*(numbers for numbers in shown.values() if numbers))
        if not everything:
            wrong.append(f"{room}: there is no case")
        if not any(numbers is not None and numbers < everything for numbers in shown.values()):
            wrong.append(f"{room}: everybody sees every case")
        for role, numbers in shown.items():
            for number in sorted(everything):
                status = ask(base, tokens[role], f"{room}/{number}").status_code
                asked += 1
                right = (200,) if numbers and number in numbers else (401, 403, 404)
                if status not in right:
                    wrong.append(f"{room}/{number} as {role}: {status}, in the list {numbers and number in numbers}")
    return wrong, asked

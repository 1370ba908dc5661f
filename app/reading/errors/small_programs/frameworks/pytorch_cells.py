"""The lines of the small programs in PyTorch with cells, which compute one step."""

from ..listing import Listing

CELLS: dict[str, Listing] = {
    "units_below": Listing(
        """
        import torch
        below = torch.nn.{class}Cell(10, {features_got})
        - cell = torch.nn.{class}Cell({features}, {units})
        + cell = torch.nn.{class}Cell({features_got}, {units})
        state = below(torch.zeros({batch}, 10))
        state = cell({h_of_state})
        h = {h_of_state}
        print(tuple(h.shape))
        """,
        "({batch}, {units})",
    ),
    "joined_features": Listing(
        """
        import torch
        - cell = torch.nn.{class}Cell({features}, {units})
        + cell = torch.nn.{class}Cell({features_got}, {units})
        parts = torch.zeros({batch}, {features}), torch.zeros({batch}, {features_more})
        state = cell(torch.cat(parts, dim=-1))
        h = {h_of_state}
        print(tuple(h.shape))
        """,
        "({batch}, {units})",
    ),
    "embedding": Listing(
        """
        import torch
        embedding = torch.nn.Embedding(1000, {features_got})
        - cell = torch.nn.{class}Cell({features}, {units})
        + cell = torch.nn.{class}Cell({features_got}, {units})
        state = cell(embedding(torch.zeros({batch}, dtype=torch.long)))
        h = {h_of_state}
        print(tuple(h.shape))
        """,
        "({batch}, {units})",
    ),
    "feedback": Listing(
        """
        import torch
        cell, state = torch.nn.{class}Cell({features}, {units}), None
        - dense = torch.nn.Linear({units}, {features_got})
        + dense = torch.nn.Linear({units}, {features})
        x_t = torch.zeros({batch}, {features})
        for _ in range(2):
            state = cell(x_t, state)
            x_t = dense({h_of_state})
        print(tuple(x_t.shape))
        """,
        "({batch}, {features})",
    ),
    "given_state": Listing(
        """
        import torch
        - cell = torch.nn.{class}Cell({features}, {units})
        + cell = torch.nn.{class}Cell({features}, {got_1})
        {both_short} = torch.zeros({batch}, {got_1})
        state = cell(torch.zeros({batch}, {features}), {short_states})
        h = {h_of_state}
        print(tuple(h.shape))
        """,
        "({batch}, {got_1})",
        when="h_0",
    ),
    "other_features": Listing(
        """
        import torch
        - cell = torch.nn.{class}Cell({features}, {units})
        + cell = torch.nn.{class}Cell({features_got}, {units})
        state = cell(torch.zeros({batch}, {features_got}))
        h = {h_of_state}
        print(tuple(h.shape))
        """,
        "({batch}, {units})",
    ),
    **dict.fromkeys(
        ("last_batch", "other_batch"),
        Listing(
            """
            import torch
            cell = torch.nn.{class}Cell({features}, {units})
            x_t = torch.zeros({expected_1}, {features})
            - {both_short} = torch.zeros({got_1}, {units})
            + {both_short} = torch.zeros(x_t.size(0), {units})
            state = cell(x_t, {short_states})
            h = {h_of_state}
            print(tuple(h.shape))
            """,
            "({expected_1}, {units})",
            when="h_0",
        ),
    ),
    "other_units": Listing(
        """
        import torch
        cell = torch.nn.{class}Cell({features}, {units})
        x_t = torch.zeros({batch}, {features})
        - {both_short} = torch.zeros({batch}, {got_1})
        + {both_short} = torch.zeros({batch}, {units})
        state = cell(x_t, {short_states})
        h = {h_of_state}
        print(tuple(h.shape))
        """,
        "({batch}, {units})",
        when="h_0",
    ),
    "one_step": Listing(
        """
        import torch
        cell = torch.nn.{class}Cell({features}, {units})
        x = torch.zeros({time}, {batch}, {features})
        state = None
        - state = cell(x, state)
        + for x_t in x.unbind(0): state = cell(x_t, state)
        h = {h_of_state}
        print(tuple(h.shape))
        """,
        "({batch}, {units})",
        when="3 axes",
    ),
    "squeeze": Listing(
        """
        import torch
        cell = torch.nn.{class}Cell({features}, {units})
        x_t = torch.zeros({batch}, {features})
        {both_short} = torch.zeros(1, {batch}, {units})
        - state = cell(x_t, {short_states})
        + state = cell(x_t, {squeezed})
        h = {h_of_state}
        print(tuple(h.shape))
        """,
        "({batch}, {units})",
        when="h_0",
    ),
}
"""Cause -> the program with a cell."""

"""The lines of the small programs in PyTorch."""

from ..listing import PRINT, PRINT_OUTPUT, STATES, Listing

OF_FEATURES = ("pytorch-features", "pytorch-1-features")

JOINED_OUTPUT = Listing(
    """
    import torch
    {layer}
    - dense = torch.nn.Linear({dense}, {dense_outputs})
    + dense = torch.nn.Linear({dense_got}, {dense_outputs})
    {outputs} = {name}(torch.zeros({x}))
    other = torch.zeros({leading}, {joined})
    output = dense(torch.cat(({parts_joined}), dim=-1))
    """
    + PRINT_OUTPUT,
    "({leading}, {dense_outputs})",
)
"""The program for a dense layer that gets an output joined with another array."""

WRONG_STATE = Listing(
    """
    import torch
    {layer}
    x = torch.zeros({x})
    {other_state}
    - {state} = torch.zeros({wrong})
    + {state} = torch.zeros({right})
    {outputs} = {name}(x, {states})
    """
    + PRINT,
    STATES,
)

STATES_FOR_LAYERS: dict[str, Listing] = {"layers": WRONG_STATE._replace(when="state")}
"""The state is corrected, and not the layer."""

PYTORCH: dict[str, Listing] = {
    **dict.fromkeys(("state_order", "directions", "other_units"), WRONG_STATE._replace(when="state")),
    "layers": Listing(
        """
        import torch
        - {layer}
        + {layer_for_state}
        x = torch.zeros({x})
        {state} = torch.zeros({wrong})
        {outputs} = {name}(x, {states})
        """
        + PRINT,
        "{shape_of_output} {shape_of_state}",
        when="layers of a layer",
    ),
    **dict.fromkeys(
        ("last_batch", "other_batch"),
        WRONG_STATE._replace(lines=WRONG_STATE.lines.replace("{right}", "{right_of_x}"), when="state"),
    ),
    "state_transposed": Listing(
        """
        import torch
        {layer}
        x = torch.zeros({x})
        {other_state}
        {state} = torch.zeros({wrong})
        + {transpose}
        {outputs} = {name}(x, {states})
        """
        + PRINT,
        STATES,
        when="state",
    ),
    "batch_first": Listing(
        """
        import torch
        - {layer_time_first}
        + {layer_batch_first}
        x = torch.zeros({batch_got}, {batch_read}, {features})
        {state} = torch.zeros({got})
        {outputs} = {name}(x, {states})
        """
        + PRINT,
        "({batch_got}, {batch_read}, {width}) ({got})",
        when="the batch of h_0",
    ),
    "one_direction": Listing(
        """
        import torch
        - {layer}
        + {layer_bidirectional}
        x = torch.zeros({x})
        {state} = torch.zeros({got})
        {outputs} = {name}(x, {states})
        """
        + PRINT,
        "({leading}, {double_width}) ({got})",
        when="one direction of h_0",
    ),
    "encoder_directions": Listing(
        """
        import torch
        encoder = torch.nn.LSTM({features}, {units_got}, bidirectional=True)
        lstm = torch.nn.LSTM({features}, {units})
        x = torch.zeros({time}, {batch}, {features})
        _, (h_0, c_0) = encoder(x)
        + h_0, c_0 = (torch.cat((s[-2], s[-1]), dim=-1).unsqueeze(0) for s in (h_0, c_0))
        output, (h_n, c_n) = lstm(x, (h_0, c_0))
        """
        + PRINT,
        "({time}, {batch}, {units}) (1, {batch}, {units})",
        when="one layer of an LSTM",
    ),
    "unsqueeze": Listing(
        """
        import torch
        {name} = torch.nn.{class}({features}, {units})
        x = torch.zeros({time}, {batch}, {features})
        {other_state_of_one_layer}
        {state} = torch.zeros({batch}, {units})
        + {unsqueeze}
        {outputs} = {name}(x, {states})
        """
        + PRINT,
        "({time}, {batch}, {units}) (1, {batch}, {units})",
        when="2 axes of a state",
        of=("pytorch-batched-3d",),
    ),
    "h_for_h_c": Listing(
        """
        import torch
        {layer}
        x = torch.zeros({x})
        h_0 = c_0 = torch.zeros({parts}, {batch}, {units})
        - output, (h_n, c_n) = lstm(x, h_0)
        + output, (h_n, c_n) = lstm(x, (h_0, c_0))
        """
        + PRINT,
        STATES,
        when="h without c",
        of=("pytorch-h-for-h-c", "pytorch-batched-3d"),
    ),
    "other_features": Listing(
        """
        import torch
        - {layer}
        + {layer_for_x}
        x = torch.zeros({leading}, {features_got})
        {outputs} = {name}(x)
        """
        + PRINT,
        STATES,
        of=OF_FEATURES,
    ),
    "target_column": Listing(
        """
        import torch
        {layer}
        table = torch.zeros({batch} + {time}, {features_got})
        - x = torch.stack([table[n : n + {time}] for n in range({batch})])
        + x = torch.stack([table[n : n + {time}, :-1] for n in range({batch})])
        {outputs} = {name}(x)
        """
        + PRINT,
        "({batch}, {time}, {width}) ({parts}, {batch}, {units})",
        when="batch first",
    ),
    "joined_features": Listing(
        """
        import torch
        - {layer}
        + {layer_for_x}
        parts = torch.zeros({leading}, {features}), torch.zeros({leading}, {features_more})
        {outputs} = {name}(torch.cat(parts, dim=-1))
        """
        + PRINT,
        STATES,
        of=OF_FEATURES,
    ),
    "units_below": Listing(
        """
        import torch
        below = torch.nn.{class}(10, {features_got})
        - {layer}
        + {layer_for_x}
        x, _ = below(torch.zeros({leading}, 10))
        {outputs} = {name}(x)
        """
        + PRINT,
        STATES,
        of=OF_FEATURES,
    ),
    "directions_below": Listing(
        """
        import torch
        below = torch.nn.{class}(10, {features}, bidirectional=True)
        - {layer}
        + {layer_for_x}
        x, _ = below(torch.zeros({leading}, 10))
        {outputs} = {name}(x)
        """
        + PRINT,
        STATES,
        of=OF_FEATURES,
    ),
    "embedding": Listing(
        """
        import torch
        embedding = torch.nn.Embedding(1000, {features_got})
        - {layer}
        + {layer_for_x}
        x = embedding(torch.zeros({leading}, dtype=torch.long))
        {outputs} = {name}(x)
        """
        + PRINT,
        STATES,
        of=OF_FEATURES,
    ),
    "missing_features_axis": Listing(
        """
        import torch
        {layer_batch_first}
        x = torch.zeros({batch}, {features_got})
        - {outputs} = {name}(x)
        + {outputs} = {name}(x.unsqueeze(-1))
        """
        + PRINT,
        "({batch}, {features_got}, {width}) ({parts}, {batch}, {units})",
        when="one feature",
        of=OF_FEATURES,
    ),
    "features_first": Listing(
        """
        import torch
        {name} = torch.nn.{class}({features}, {units}, batch_first=True)
        x = torch.zeros({batch}, {features}, {features_got})
        - {outputs} = {name}(x)
        + {outputs} = {name}(x.transpose(1, 2))
        """
        + PRINT,
        "({batch}, {features_got}, {units}) (1, {batch}, {units})",
        of=OF_FEATURES,
    ),
    "extra_axis": Listing(
        """
        import torch
        {name} = torch.nn.{class}(10, {units})
        x = torch.zeros({time}, {batch}, 2, 5)
        - {outputs} = {name}(x)
        + {outputs} = {name}(x.flatten(2))
        """
        + PRINT,
        "({time}, {batch}, {units}) (1, {batch}, {units})",
        when="4 axes",
        of=("pytorch-rank", "pytorch-rank-tensor", "pytorch-1.11-rank", "pytorch-1-rank"),
    ),
    "unbatched": Listing(
        """
        import torch
        {layer}
        x = torch.zeros({time}, {features})
        {both_states} = torch.zeros({parts}, 1, {units})
        - {outputs} = {name}(x, {states})
        + {outputs} = {name}(x.unsqueeze({batch_axis}), {states})
        """
        + PRINT,
        "({leading_of_one}, {width}) ({parts}, 1, {units})",
        when="states with a batch",
    ),
    "lengths": Listing(
        """
        import torch
        from torch.nn.utils.rnn import pack_padded_sequence
        x = torch.zeros({got_1}, {expected_1}, {features})
        lengths = torch.full(({got_1},), {expected_1})
        - packed = pack_padded_sequence(x, lengths)
        + packed = pack_padded_sequence(x, lengths, batch_first=True)
        output = packed.data
        """
        + PRINT_OUTPUT,
        "({product_1}, {features})",
        when="lengths of a batch that is not first",
    ),
    "padded_time_first": Listing(
        """
        import torch
        from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence
        sequences = [torch.zeros({expected_1}, {features})] * {got_1}
        lengths = torch.full(({got_1},), {expected_1})
        - x = pad_sequence(sequences)
        + x = pad_sequence(sequences, batch_first=True)
        packed = pack_padded_sequence(x, lengths, batch_first=True)
        output = packed.data
        """
        + PRINT_OUTPUT,
        "({product_1}, {features})",
        when="number of lengths",
    ),
    "unused_embedding": Listing(
        """
        import torch
        embedding = torch.nn.Embedding(1000, {features})
        {layer_batch_first}
        x = torch.randint(1000, ({batch}, {steps_of_x}))
        - {outputs} = {name}(x.float())
        + {outputs} = {name}(embedding(x))
        """
        + PRINT,
        "({batch}, {steps_of_x}, {width}) ({parts}, {batch}, {units})",
        when="x",
    ),
    "sort_lengths": Listing(
        """
        import torch
        from torch.nn.utils.rnn import pack_padded_sequence
        x = torch.zeros(5, 3, {features})
        lengths = torch.tensor([2, 5, 3])
        - packed = pack_padded_sequence(x, lengths)
        + packed = pack_padded_sequence(x, lengths, enforce_sorted=False)
        output = packed.data
        """
        + PRINT_OUTPUT,
        "(10, {features})",
    ),
    "packed_axis": Listing(
        """
        import torch
        from torch.nn.utils.rnn import pack_padded_sequence
        {layer_batch_first}
        x, lengths = torch.zeros(3, 9, {features}), torch.tensor([9, 2, 5])
        - packed = pack_padded_sequence(x, lengths, enforce_sorted=False)
        + packed = pack_padded_sequence(x, lengths, enforce_sorted=False, batch_first=True)
        {outputs} = {name}(packed)
        print(tuple(h_n.shape))
        """,
        "({parts}, 3, {units})",
    ),
    "projected_state": Listing(
        """
        import torch
        {layer_projected}
        x = torch.zeros({x})
        {h_before_c}
        - {projected} = torch.zeros({wrong})
        + {projected} = torch.zeros({right})
        {c_after_h}
        output, (h_n, c_n) = lstm(x, (h_0, c_0))
        """
        + PRINT,
        "({leading}, {width_projected}) ({parts}, {batch}, {projection})",
        when="units of a state",
    ),
    "joined_batch": Listing(
        """
        import torch
        {layer}
        dense = torch.nn.Linear({dense}, {dense_outputs})
        {outputs} = {name}(torch.zeros({x}))
        - h = torch.cat((h_n[-2], h_n[-1]), dim=0)
        + h = torch.cat((h_n[-2], h_n[-1]), dim=1)
        print(tuple(dense(h).shape))
        """,
        "({batch}, {dense_outputs})",
        when="both directions",
    ),
    "transpose_keys": Listing(
        """
        import torch
        {name} = torch.nn.{class}({features}, {keys_units}, batch_first=True)
        keys, _ = {name}(torch.zeros({keys_batch}, {keys_steps}, {features}))
        query = keys[:, -1:]
        - scores = torch.bmm(query, keys)
        + scores = torch.bmm(query, keys.transpose(1, 2))
        print(tuple(scores.shape))
        """,
        "({keys_batch}, 1, {keys_steps})",
    ),
    "total_length": Listing(
        """
        import torch
        from torch.nn.utils.rnn import pack_sequence, pad_packed_sequence
        packed = pack_sequence([torch.zeros({expected_1}, {features})])
        - output, lengths = pad_packed_sequence(packed, total_length={got_1})
        + output, lengths = pad_packed_sequence(packed, total_length={expected_1})
        """
        + PRINT_OUTPUT,
        "({expected_1}, 1, {features})",
    ),
    "dense_directions": Listing(
        """
        import torch
        {name} = torch.nn.{class}({features}, {dense}, bidirectional=True, batch_first=True)
        - dense = torch.nn.Linear({dense}, {dense_outputs})
        + dense = torch.nn.Linear({dense_got}, {dense_outputs})
        output, _ = {name}(torch.zeros({dense_x}, {features}))
        output = dense({dense_output})
        """
        + PRINT_OUTPUT,
        "({dense_shape}, {dense_outputs})",
    ),
    "dense_flattened": Listing(
        """
        import torch
        {name} = torch.nn.{class}({features}, {dense}, batch_first=True)
        dense = torch.nn.Linear({dense}, {dense_outputs})
        output, _ = {name}(torch.zeros({dense_rows}, {dense_steps}, {features}))
        - output = dense(output.flatten(1))
        + output = dense(output[:, -1])
        """
        + PRINT_OUTPUT,
        "({dense_rows}, {dense_outputs})",
    ),
    "dense_features": Listing(
        """
        import torch
        {name} = torch.nn.{class}({features}, {dense_got}, batch_first=True)
        - dense = torch.nn.Linear({dense}, {dense_outputs})
        + dense = torch.nn.Linear({dense_got}, {dense_outputs})
        output, _ = {name}(torch.zeros({dense_x}, {features}))
        output = dense({dense_output})
        """
        + PRINT_OUTPUT,
        "({dense_shape}, {dense_outputs})",
    ),
    "dense_projection": Listing(
        """
        import torch
        {layer_of_projection}
        - dense = torch.nn.Linear({dense}, {dense_outputs})
        + dense = torch.nn.Linear({dense_got}, {dense_outputs})
        output, _ = lstm(torch.zeros({dense_x}, {features}))
        output = dense({dense_output})
        """
        + PRINT_OUTPUT,
        "({dense_shape}, {dense_outputs})",
    ),
    "other_size": Listing(
        """
        import torch
        saved = torch.nn.{class}({features_got}, {units}).state_dict()
        - {name} = torch.nn.{class}({features}, {units})
        + {name} = torch.nn.{class}({features_got}, {units})
        {name}.load_state_dict(saved)
        {outputs} = {name}(torch.zeros({time}, {batch}, {features_got}))
        """
        + PRINT,
        "({time}, {batch}, {units}) (1, {batch}, {units})",
        when="features of a kernel",
        of=("pytorch-load-weight_ih", "pytorch-0-load-weight_ih", "pytorch-0-copy-weight_ih"),
    ),
    "smaller_projection": Listing(
        """
        import torch
        - lstm = torch.nn.LSTM({features}, {units}, proj_size={units})
        + lstm = torch.nn.LSTM({features}, {units}, proj_size={half_units})
        output, (h_n, c_n) = lstm(torch.zeros({time}, {batch}, {features}))
        """
        + PRINT,
        "({time}, {batch}, {half_units}) (1, {batch}, {half_units})",
        when="several units",
    ),
    "lstm_projection": Listing(
        """
        import torch
        - rnn = torch.nn.GRU({features}, {units}, proj_size={half_units})
        + rnn = torch.nn.LSTM({features}, {units}, proj_size={half_units})
        output, (h_n, c_n) = rnn(torch.zeros({time}, {batch}, {features}))
        """
        + PRINT,
        "({time}, {batch}, {half_units}) (1, {batch}, {half_units})",
        when="several units",
    ),
}
"""Cause -> the program in PyTorch."""
